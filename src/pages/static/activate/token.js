/** The server's limit. */
const MAX_CHARS = 100;
const KEY = 'token';

/**
 * Removes the token from the address bar, where screenshots and bookmarks would disclose it. Reloads read it from the
 * history entry's state, or from the tab's storage after an error page has replaced the entry. Empty if the link has
 * none.
 */
export function takeToken() {
  const token = location.hash === '' ? (history.state?.token ?? recall()) : tokenIn(location.hash.slice(1));
  history.replaceState({ token }, '', location.pathname);
  keep(token);
  return token;
}

export function forgetToken() {
  keep('');
}

/** Mail programs may append a full stop or a bracket, which are not base64url. */
function tokenIn(fragment) {
  const [token] = /^[A-Za-z0-9_-]*/.exec(fragment);
  return token.length > MAX_CHARS ? '' : token;
}

function recall() {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

// Browsers without storage throw; the link works without it.
function keep(token) {
  try {
    if (token === '') sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {}
}
