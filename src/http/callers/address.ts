import { networkOf } from '../../model/network.ts';

/** Where a request comes from, as far as it is worth counting: an IPv4 address, or the /64 network of an IPv6 one. */
export function addressOf(request: Request): string {
  return networkOf(request.headers.get('CF-Connecting-IP') ?? '');
}
