import { invalid, refuse } from '../model/failure.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const PORTS = new Set(['', '8443']);

/** What the address is judged by: the development setting, and the host name that is ours, on whatever port. */
export type AddressRules = { readonly allowLoopback: boolean; readonly ownHost: string };

/**
 * What is wrong with an address as a receiver of webhooks, or null. URL has already brought every notation of an IP
 * address into one; a literal one is refused altogether.
 */
export function addressProblem(address: string, { allowLoopback, ownHost }: AddressRules): string | null {
  const url = URL.parse(address);
  if (url === null) return 'Must be a URL.';
  if (url.username !== '' || url.password !== '') return 'Must not hold a user name or password.';
  if (allowLoopback && url.protocol === 'http:' && LOOPBACK.has(url.hostname)) return null;
  if (url.protocol !== 'https:') return 'Must start with https://.';
  if (!PORTS.has(url.port)) return 'Must use port 443 or 8443.';
  const host = url.hostname.replace(/\.$/, '');
  const isPublicName = /\.[a-z][a-z0-9-]+$/.test(host) && !/\.(?:localhost|local|internal)$/.test(host);
  return isPublicName && host !== ownHost ? null : 'Must name a public host.';
}

/** Refuses `invalid` for an address that no webhook may go to. */
export function checkAddress(address: string, rules: AddressRules): void {
  const problem = addressProblem(address, rules);
  if (problem !== null) refuse(invalid('body', 'url', problem));
}
