import { element } from './dom.js';

const view = document.querySelector('#view');
const loading = document.querySelector('#loading');
const trouble = document.querySelector('#trouble');

export function showLoading() {
  view.replaceChildren(loading);
}

export function showTrouble(text, retry) {
  const [heading, paragraph, button] = trouble.children;
  if (text !== undefined) paragraph.textContent = text;
  button.onclick = retry;
  trouble.hidden = false;
  view.replaceChildren(trouble);
  heading.focus();
}

/** Focuses the heading, where screen readers and keyboards start. */
export function show({ productName }, heading, ...content) {
  document.title = productName === null ? heading : `${heading} · ${productName}`;
  const title = element('h1', { tabindex: '-1' }, heading);
  view.replaceChildren(title, ...content);
  title.focus();
}

export function paragraph(...content) {
  return element('p', {}, ...content);
}
