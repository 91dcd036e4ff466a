/** Short pieces that are hard to read over two lines: `(a–z)`, and `e-mail` behind its first letter. */
const UNBROKEN = /([(（].[–～].[)）]|\be-mail)/i;

/** An element with attributes (`true` for those without a value, `null` for none) and children, where text stays text. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null) node.setAttribute(attribute, value === true ? '' : value);
  }
  node.append(...children.flatMap((child) => (child instanceof Node ? child : unbroken(child))));
  return node;
}

/** A text as nodes, whose lines do not break where that hinders reading. */
export function unbroken(text) {
  return text.split(UNBROKEN).map((part, index) => (index % 2 === 0 ? part : together(part)));
}

function together(piece) {
  const node = element('span', { class: 'together' });
  node.textContent = piece;
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
