import { networkOf } from '../../model/network.ts';

/** An IPv4 address, or the /64 network of an IPv6 address. */
export function addressOf(request: Request): string {
  return networkOf(request.headers.get('CF-Connecting-IP') ?? '');
}
