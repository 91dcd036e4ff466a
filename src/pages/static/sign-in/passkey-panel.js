import { addPasskey, hasAutofill, hasPasskeys, signInWithPasskey } from './passkey.js';

/**
 * Brings a page's part for passkeys to life: `data-passkey` (`sign-in` or `add`), `data-options-url`, `data-url` and a
 * text for each kind of problem (`data-cancelled`, …, at least `data-failed`); within it a button, an element with
 * the role `alert`, and where one is added a field for its name. Without scripts or passkeys it stays hidden.
 */
function start(panel) {
  const { passkey, optionsUrl, url } = panel.dataset;
  const button = panel.querySelector('button');
  const complaint = panel.querySelector('[role="alert"]');
  let offered = { stop: async () => {} };

  const tell = (problem) => {
    complaint.textContent = problem === null ? '' : (panel.dataset[problem] ?? panel.dataset.failed);
  };
  const offer = () => {
    if (passkey === 'sign-in') offered = offerAutofill({ optionsUrl, url }, tell);
  };
  const act = () =>
    passkey === 'add'
      ? addPasskey({ optionsUrl, url, name: panel.querySelector('input')?.value ?? '' })
      : signInWithPasskey({ optionsUrl, url });

  button.addEventListener('click', async () => {
    // Not `disabled`, which would drop the focus.
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    tell(null);
    await offered.stop();
    const problem = await act();
    button.setAttribute('aria-disabled', 'false');
    if (problem === null) return;
    tell(problem);
    offer();
  });
  panel.hidden = false;
  offer();
}

/** Passkeys below the page's field for them, until stopped: a browser asks for one thing at a time. */
function offerAutofill(urls, tell) {
  const controller = new AbortController();
  const { signal } = controller;
  const done = wait();
  return {
    stop() {
      controller.abort();
      return done;
    },
  };

  async function wait() {
    if (document.querySelector('input[autocomplete~="webauthn"]') === null || !(await hasAutofill())) return;
    const problem = await signInWithPasskey({ ...urls, mediation: 'conditional', signal });
    // Nobody has asked for anything yet where it could not even begin.
    if (problem === 'refused') tell(problem);
  }
}

const panel = document.querySelector('[data-passkey]');
if (panel !== null && hasPasskeys()) start(panel);
