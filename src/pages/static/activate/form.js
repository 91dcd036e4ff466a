import { element, unbroken } from './dom.js';

/**
 * A form with one button, sent once at a time. `send` resolves to what is wrong, in words for the reader, or to null
 * once it has gone on to another view.
 */
export function form({ fields = [], label, busyLabel, send }) {
  const complaint = element('p', { role: 'alert', id: 'complaint' });
  const button = element('button', { type: 'submit', class: 'main' }, label);
  const node = element('form', { novalidate: true }, ...fields, complaint, button);
  let running = false;
  // What was wrong may be right by now.
  node.addEventListener('input', ({ target }) => {
    complaint.textContent = '';
    target.removeAttribute('aria-invalid');
  });
  node.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (running) return;
    running = true;
    complaint.textContent = '';
    setBusy(button, true, busyLabel);
    complaint.replaceChildren(...unbroken((await send()) ?? ''));
    setBusy(button, false, label);
    running = false;
  });
  return node;
}

/** Marks a field as wrong, for the reader of the form's complaint, until it is edited. */
export function markWrong(input) {
  input.setAttribute('aria-invalid', 'true');
  input.focus();
}

// Not `disabled`, which would drop the focus.
function setBusy(button, busy, label) {
  button.setAttribute('aria-disabled', String(busy));
  button.textContent = label;
}
