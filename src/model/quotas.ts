import { IPV6_SITE_TIMES, RATE_LIMIT_ADDRESS_TIMES, RATE_LIMIT_DEFAULT } from './limits.ts';

/** Requests in a window, and what counts them over all isolates of a place. */
type Quota = { readonly max: number; readonly limiter: RateLimit | undefined };

/** The limiter of a quota, unless it is above the usual one, which is all that wrangler.toml has limiters count to. */
function quota(max: number, usual: number, limiter: RateLimit | undefined): Quota {
  return { max, limiter: max > usual ? undefined : limiter };
}

/** The quotas of one credential, of one address, which has several times as many unless its own is given, and of a /48. */
export function quotasOf(given: {
  readonly credential: number;
  readonly address: number | undefined;
  readonly limiters: Readonly<Record<'credential' | 'address' | 'site', RateLimit | undefined>>;
}) {
  const { credential, address = credential * RATE_LIMIT_ADDRESS_TIMES, limiters } = given;
  const usual = RATE_LIMIT_DEFAULT * RATE_LIMIT_ADDRESS_TIMES;
  return {
    credential: quota(credential, RATE_LIMIT_DEFAULT, limiters.credential),
    address: quota(address, usual, limiters.address),
    site: quota(address * IPV6_SITE_TIMES, usual * IPV6_SITE_TIMES, limiters.site),
  };
}
