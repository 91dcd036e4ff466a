/**
 * Takes the link's token out of the address bar, where screenshots, bookmarks and bystanders would find it, and keeps
 * it in the state of this history entry: a reload finds it there, another tab, site or server does not.
 */
export function takeToken() {
  const token = location.hash.slice(1) || history.state?.token || '';
  history.replaceState({ token }, '', location.pathname);
  return token;
}
