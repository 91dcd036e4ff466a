import ipaddr from 'ipaddr.js';

type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** Azure's host services, within a public range. */
const AZURE_HOST = '168.63.129.16';

/** Null for a name. `URL` has normalised every notation. */
export function parseIpAddress(host: string): IpAddress | null {
  const literal = host.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(literal) ? ipaddr.parse(literal) : null;
}

/** Follows the IANA special-purpose registries. */
export function isPublicAddress(address: IpAddress): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv6) return isGlobalUnicast(address) && !isIsatap(address);
  return address.toString() !== AZURE_HOST;
}

/** RFC 4291 §2.4: only 2000::/3 is assigned. */
function isGlobalUnicast({ parts: [high = 0] }: ipaddr.IPv6): boolean {
  return high >> 13 === 1;
}

/** RFC 5214 §6.1: 0000:5efe and an IPv4 address, for any u and g bits. */
function isIsatap({ parts: [, , , , high = 0, low] }: ipaddr.IPv6): boolean {
  return (high & ~0x0300) === 0 && low === 0x5efe;
}
