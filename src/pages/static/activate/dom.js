/** Pieces that must not wrap: `(a–z)`, and `e-mail` at its hyphen. */
const UNBROKEN = /([(（].[–～].[)）]|\be-mail)/i;

/** Attributes: `true` without a value, `null` for none. Strings become text nodes. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null) node.setAttribute(attribute, value === true ? '' : value);
  }
  node.append(...children.flatMap((child) => (child instanceof Node ? child : unbroken(child))));
  return node;
}

/** Nodes that do not wrap within unbroken pieces. */
export function unbroken(text) {
  return text.split(UNBROKEN).map((part, index) => (index % 2 === 0 ? part : together(part)));
}

function together(piece) {
  const node = element('span', { class: 'together' });
  node.textContent = piece;
  return node;
}

/** Replaces `{name}` by its value. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Like `fill`, as nodes; each value keeps its own text direction. */
export function sentence(text, values) {
  const parts = text.split(/\{(\w+)\}/);
  return parts.map((part, index) => (index % 2 === 0 ? part : apart(values[part])));
}

function apart(value) {
  return value instanceof Node ? value : element('bdi', {}, value);
}
