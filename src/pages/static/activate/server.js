const PATIENCE_MS = 20_000;
const UNKNOWN = { link: { state: 'unknown', language: null, branding: null } };

/** Resolves to `{ link }` or `{ problem }`. */
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

/** Resolves to `{}` or `{ problem }`; the kind `link` means that the link is no longer valid. */
export function setPassword(token, password) {
  return post('/activate/password', { token, password });
}

/** Takes `{ token }` or `{ email }`; resolves to `{}` or `{ problem }`. */
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
