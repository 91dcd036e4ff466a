const PATIENCE_MS = 20_000;

/** What the browser's errors mean; `aborted` is our own doing. */
const PROBLEMS = { NotAllowedError: 'cancelled', InvalidStateError: 'known', AbortError: 'aborted' };

/** Whether the browser has passkeys, and reads and writes them as JSON (WebAuthn Level 3 §5.1). */
export function hasPasskeys() {
  return typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function';
}

/** Whether it can offer passkeys below a field with `webauthn` in its `autocomplete`. */
export async function hasAutofill() {
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}

/**
 * Signs in: asks `optionsUrl` for options, the user for a passkey, and sends `{ credential }` to `url`, whose answer
 * `{ location }` it follows; an answer without is what a program has asked for, which it shows. Resolves to null, or to what went wrong: `cancelled`, `refused`, `limited`, `offline`,
 * `failed`; `aborted` by `signal`. With the mediation `conditional` it waits until a passkey is picked below the field.
 */
export function signInWithPasskey({ mediation = 'optional', signal = null, ...urls }) {
  return perform(urls, (options) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return navigator.credentials.get({ publicKey, mediation, ...(signal && { signal }) });
  });
}

/** Adds a passkey likewise, and sends `{ credential, name }`; `known` where the authenticator has one already. */
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

/** Whoever waits for an answer that is no address reads it off the page, as where a form has led to it. */
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
