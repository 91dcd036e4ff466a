const PATIENCE_MS = 20_000;

/** `aborted` is caused by this script. */
const PROBLEMS = { NotAllowedError: 'cancelled', InvalidStateError: 'known', AbortError: 'aborted' };

/** WebAuthn Level 3 §5.1. */
export function hasPasskeys() {
  return typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function';
}

/** For a field with `webauthn` in its `autocomplete`. */
export async function hasAutofill() {
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}

/**
 * Follows `{ location }` or shows any other reply. Resolves to null or `cancelled`, `refused`, `limited`, `offline`,
 * `failed`, `aborted` (by `signal`). The mediation `conditional` waits for a choice in the field's autofill.
 */
export function signInWithPasskey({ mediation = 'optional', signal = null, ...urls }) {
  return perform(urls, (options) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return navigator.credentials.get({ publicKey, mediation, ...(signal && { signal }) });
  });
}

/** `known`: the authenticator already has a passkey for the account. */
export function addPasskey({ name, ...urls }) {
  return perform(
    urls,
    (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
    { name },
  );
}

async function perform({ optionsUrl, url }, ask, more = {}) {
  try {
    const credential = await ask(await post(optionsUrl, {}));
    const answer = await post(url, { credential: credential.toJSON(), ...more });
    follow(answer);
    return null;
  } catch (error) {
    return error instanceof Problem ? error.kind : (PROBLEMS[error.name] ?? 'failed');
  }
}

/** API clients read tokens off the page, as after a form. */
function follow(answer) {
  if (answer.location !== undefined) location.assign(answer.location);
  else
    document.body.replaceChildren(
      Object.assign(document.createElement('pre'), { textContent: JSON.stringify(answer) }),
    );
}

class Problem extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => {
    throw new Problem('offline');
  });
  if (response.ok) return response.json();
  if (response.status === 429) throw new Problem('limited');
  throw new Problem(response.status < 500 ? 'refused' : 'failed');
}
