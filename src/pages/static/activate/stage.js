import { element } from './dom.js';

const view = document.querySelector('#view');
const loading = document.querySelector('#loading');
const trouble = document.querySelector('#trouble');

/** Says that the page is not ready yet. */
export function showLoading() {
  view.replaceChildren(loading);
}

/** Says why the page cannot be shown, in the shell's language and words unless others are given, and offers to try again. */
export function showTrouble(text, retry) {
  const [heading, paragraph, button] = trouble.children;
  if (text !== undefined) paragraph.textContent = text;
  button.onclick = retry;
  trouble.hidden = false;
  view.replaceChildren(trouble);
  heading.focus();
}

/** Shows a view. The heading takes the focus, so that readers and keyboards begin there. */
export function show({ productName }, heading, ...content) {
  document.title = productName === null ? heading : `${heading} · ${productName}`;
  const title = element('h1', { tabindex: '-1' }, heading);
  view.replaceChildren(title, ...content);
  title.focus();
}

/** A paragraph of a view. */
export function paragraph(...content) {
  return element('p', {}, ...content);
}
