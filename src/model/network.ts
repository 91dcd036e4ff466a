import { IPV6_GROUPS, IPV6_NETWORK_GROUPS, IPV6_SITE_GROUPS } from './limits/index.ts';

/** An IPv4 address, or a /64 without leading zeros. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head.split(':').filter(Boolean);
  const after = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array<string>(Math.max(0, IPV6_GROUPS - groups.length - after.length)).fill('0');
  const all = [...groups, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''));
  return all.slice(0, IPV6_NETWORK_GROUPS).join(':');
}

export function siteOf(network: string): string | null {
  return network.includes(':') ? network.split(':', IPV6_SITE_GROUPS).join(':') : null;
}
