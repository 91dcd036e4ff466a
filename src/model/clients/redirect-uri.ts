import { REDIRECT_URI_MAX_CHARS } from '../limits/index.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
/** Nothing that URL parsers repair or strip; no fragment (RFC 6749 §3.1.2). */
const PLAIN_URI = /^[!$-;=?-[\]_a-z~]+$/;
const CSP_SAFE_HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;

/** https, http on loopback (RFC 8252 §7.3) or a private-use scheme (RFC 8252 §7.1). */
export function isRedirectUri(uri: string): boolean {
  const url = uri.length <= REDIRECT_URI_MAX_CHARS && PLAIN_URI.test(uri) ? URL.parse(uri) : null;
  if (url === null || url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:') return /^https:\/\/[^/]/i.test(uri) && CSP_SAFE_HOST.test(url.hostname);
  if (url.protocol === 'http:') return /^http:\/\/[^/]/i.test(uri) && LOOPBACK.test(url.hostname);
  return /^[a-z][\w-]*(?:\.[\w-]+)+:\/{0,3}[^/]/i.test(uri);
}

/** CSP has no IPv6 addresses and matches private-use schemes whole (CSP 3 §2.3.1). */
export function formActionSource(uri: string): string {
  const { origin, protocol, hostname } = new URL(uri);
  return origin === 'null' || hostname.startsWith('[') ? protocol : origin;
}

export function redirectLabel(uri: string): string {
  const { protocol, host } = new URL(uri);
  return /^https?:$/.test(protocol) ? host : protocol.slice(0, -1);
}
