import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Azure's host answers here, in an address range that is public otherwise. */
const AZURE_HOST = '168.63.129.16';

/** The IP address that a URL's host is, or null for a name. URL has already brought every notation into one. */
export function literalAddress(host: string): Address | null {
  const literal = host.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(literal) ? ipaddr.parse(literal) : null;
}

/** Whether the address is one machine on the public Internet (IANA special-purpose registries) and embeds no other. */
export function isPublicAddress(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv6) return isGlobalUnicast(address) && !isIsatap(address);
  return address.toString() !== AZURE_HOST;
}

/** RFC 4291 §2.4, 2000::/3: all that is assigned; what is outside is reserved, or an IPv4 address in an old disguise. */
function isGlobalUnicast({ parts: [high = 0] }: ipaddr.IPv6): boolean {
  return high >> 13 === 1;
}

/** RFC 5214 §6.1: the interface identifier is 0000:5efe and an IPv4 address, whatever its u and g bits. */
function isIsatap({ parts: [, , , , high = 0, low] }: ipaddr.IPv6): boolean {
  return (high & ~0x0300) === 0 && low === 0x5efe;
}
