/** An element with attributes (`true` for those without a value, `null` for none) and children, where text stays text. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null) node.setAttribute(attribute, value === true ? '' : value);
  }
  node.append(...children);
  return node;
}

/** A text's `{name}` replaced by the value of that name. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Like `fill`, but as nodes; each value stands apart, so that its direction of writing changes nothing around it. */
export function sentence(text, values) {
  const parts = text.split(/\{(\w+)\}/);
  return parts.map((part, index) => (index % 2 === 0 ? part : apart(values[part])));
}

function apart(value) {
  return value instanceof Node ? value : element('bdi', {}, value);
}
