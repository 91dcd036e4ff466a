import { IPV6_GROUPS, IPV6_NETWORK_GROUPS } from '../model/limits.ts';

/** Where a request comes from, as far as it is worth counting: an IPv4 address, or the /64 network of an IPv6 one. */
export function addressOf(request: Request): string {
  const address = request.headers.get('CF-Connecting-IP') ?? '';
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head.split(':').filter(Boolean);
  const after = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array<string>(Math.max(0, IPV6_GROUPS - groups.length - after.length)).fill('0');
  return [...groups, ...zeros, ...after].slice(0, IPV6_NETWORK_GROUPS).join(':');
}
