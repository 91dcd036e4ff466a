import { invalid, refuse } from '../model/failure.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What is wrong with an address as a receiver of webhooks, or null. `allowLoopback`: the development setting. */
export function addressProblem(address: string, allowLoopback: boolean): string | null {
  const url = URL.parse(address);
  if (url === null) return 'Must be a URL.';
  if (url.username !== '' || url.password !== '') return 'Must not hold a user name or password.';
  if (allowLoopback && url.protocol === 'http:' && LOOPBACK.has(url.hostname)) return null;
  return url.protocol === 'https:' ? null : 'Must start with https://.';
}

/** Refuses `invalid` for an address that no webhook may go to. */
export function checkAddress(address: string, allowLoopback: boolean): void {
  const problem = addressProblem(address, allowLoopback);
  if (problem !== null) refuse(invalid('body', 'url', problem));
}
