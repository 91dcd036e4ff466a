const PATIENCE_MS = 20_000;
const UNKNOWN = { link: { state: 'unknown', language: null, branding: null } };

/** What the link opens: `{ link }`, or `{ problem }`. What cannot be a token is a link that nobody knows. */
export async function askLink(token) {
  if (token === '') return UNKNOWN;
  const { problem, response } = await post('/activate/link', { token });
  if (problem?.kind === 'rejected') return UNKNOWN;
  if (problem !== undefined) return { problem };
  return response.json().then(
    (link) => ({ link }),
    () => ({ problem: { kind: 'server' } }),
  );
}

/** Sets the password; answers `{}` or `{ problem }`, whose kind is `link` where the link does not open any more. */
export function setPassword(token, password) {
  return post('/activate/password', { token, password });
}

/** Has a new link sent to whom `{ token }` or `{ email }` means; answers `{}` or `{ problem }`. */
export function sendMail(whom) {
  return post('/activate/mail', whom);
}

async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return response.ok ? { response } : { problem: problemOf(response) };
  } catch {
    return { problem: { kind: 'offline' } };
  }
}

function problemOf({ status, headers }) {
  if (status === 429) return { kind: 'limited', waitSeconds: Number(headers.get('Retry-After')) };
  if (status === 409) return { kind: 'link' };
  return { kind: status === 400 ? 'rejected' : 'server' };
}
