import { element, unbroken } from './dom.js';

/** `send` resolves to an error text, or to null after it has shown another view. */
export function form({ fields = [], label, busyLabel, send }) {
  const complaint = element('p', { role: 'alert', id: 'complaint' });
  const button = element('button', { type: 'submit', class: 'main' }, label);
  const node = element('form', { novalidate: true }, ...fields, complaint, button);
  let running = false;
  // An edit clears the error.
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

export function markWrong(input) {
  input.setAttribute('aria-invalid', 'true');
  input.focus();
}

// `disabled` would lose the focus.
function setBusy(button, busy, label) {
  button.setAttribute('aria-disabled', String(busy));
  button.textContent = label;
}
