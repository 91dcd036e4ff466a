import { REDIRECT_URI_MAX_CHARS } from '../limits/index.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
/** Neither blanks nor what URL parsers mend or cut off; no fragment (RFC 6749 §3.1.2). */
const PLAIN = /^[!$-;=?-[\]_a-z~]+$/;
/** Nothing that would end a directive of a Content-Security-Policy. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;

/**
 * Whether an API client may have users sent back to this address: https, http on the loopback interface (RFC 8252 §7.3), or a
 * private-use scheme, which is a domain name turned round (RFC 8252 §7.1).
 */
export function isRedirectUri(uri: string): boolean {
  const url = uri.length <= REDIRECT_URI_MAX_CHARS && PLAIN.test(uri) ? URL.parse(uri) : null;
  if (url === null || url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:') return /^https:\/\/[^/]/i.test(uri) && HOST.test(url.hostname);
  if (url.protocol === 'http:') return /^http:\/\/[^/]/i.test(uri) && LOOPBACK.test(url.hostname);
  return /^[a-z][\w-]*(?:\.[\w-]+)+:\/{0,3}[^/]/i.test(uri);
}

/**
 * What stands for such an address in `form-action` of a Content-Security-Policy, which knows no IPv6 addresses and takes
 * private-use schemes whole (CSP Level 3 §2.3.1).
 */
export function formTarget(uri: string): string {
  const { origin, protocol, hostname } = new URL(uri);
  return origin === 'null' || hostname.startsWith('[') ? protocol : origin;
}

/** What people know such an address by: its host, or the program that its scheme belongs to. */
export function placeOf(uri: string): string {
  const { protocol, host } = new URL(uri);
  return /^https?:$/.test(protocol) ? host : protocol.slice(0, -1);
}
