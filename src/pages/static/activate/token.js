/** The server takes no longer ones. */
const MAX_CHARS = 100;
const KEY = 'token';

/**
 * Takes the link's token out of the address bar, where screenshots, bookmarks and bystanders would find it, and keeps
 * it for reloads in the state of this history entry and in the tab's storage, which no other site and no server sees:
 * a browser that cannot reload shows an error page in the entry's place, and the state is gone. Empty where the link
 * has none.
 */
export function takeToken() {
  const token = location.hash === '' ? (history.state?.token ?? recall()) : tokenIn(location.hash.slice(1));
  history.replaceState({ token }, '', location.pathname);
  keep(token);
  return token;
}

/** Leaves no token in the storage once it has done its work. */
export function forgetToken() {
  keep('');
}

/** Mail programs and people add a full stop or a bracket to an address; none of these is base64url. */
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

// Browsers that are told to keep nothing throw on any use of the storage; the link works without it.
function keep(token) {
  try {
    if (token === '') sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {}
}
