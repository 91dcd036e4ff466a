import { addPasskey, hasAutofill, hasPasskeys, signInWithPasskey } from './passkey.js';

/**
 * Its data attributes are `data-passkey` (`sign-in` or `add`), `data-options-url`, `data-url` and a text per problem
 * (`data-failed` at least). It contains a button, an alert, and a name field for `add`. Hidden without scripts or
 * passkeys.
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
    // `disabled` would lose the focus.
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

/** Runs until stopped: a browser handles one request at a time. */
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
    // Other problems came before any action of the user.
    if (problem === 'refused') tell(problem);
  }
}

const panel = document.querySelector('[data-passkey]');
if (panel !== null && hasPasskeys()) start(panel);
