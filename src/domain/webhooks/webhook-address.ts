import { type AddressRules, hostOf } from '../../model/address.ts';
import { invalid, refuse } from '../../model/failure.ts';
import { isPublicAddress, parseIpAddress } from './public-address.ts';
import { isInDomains, isPublicName } from './public-name.ts';

/** `URL` drops or rewrites these; other parsers may not. */
const AMBIGUOUS = /[\s\\\p{Cc}]/u;
const HTTPS_PORT = 443;

export function addressProblem(address: string, rules: AddressRules): string | null {
  const url = URL.parse(address);
  if (url === null || AMBIGUOUS.test(address)) return 'Must be a URL.';
  const isLocal = rules.allowLoopback && isLoopback(url.hostname);
  const start = isLocal ? /^https?:\/\/[^/]/i : /^https:\/\/[^/]/i;
  if (!start.test(address)) return 'Must start with https://.';
  if (hasUserInfo(address)) return 'Must not hold a user name or password.';
  if (isLocal) return null;
  if (!rules.ports.has(Number(url.port || HTTPS_PORT))) return `Must use port ${listPorts(rules.ports)}.`;
  return isPublicHost(hostOf(url), rules.blockedHosts) ? null : 'Must name a public host.';
}

export function checkAddress(address: string, rules: AddressRules): void {
  const problem = addressProblem(address, rules);
  if (problem !== null) refuse(invalid('body', 'url', problem));
}

/** Also an empty one, which `URL` hides. */
function hasUserInfo(address: string): boolean {
  const [, authority = ''] = /^https?:\/\/([^/?#]*)/i.exec(address) ?? [];
  return authority.includes('@');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || parseIpAddress(host)?.range() === 'loopback';
}

function isPublicHost(host: string, blockedHosts: readonly string[]): boolean {
  const literal = parseIpAddress(host);
  const isPublic = literal === null ? isPublicName(host) : isPublicAddress(literal);
  return isPublic && !isInDomains(host, blockedHosts);
}

function listPorts(ports: ReadonlySet<number>): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format([...ports].map(String));
}
