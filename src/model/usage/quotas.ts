import {
  IPV6_SITE_TIMES,
  RATE_LIMIT_ADDRESS_TIMES,
  RATE_LIMIT_DEFAULT,
  RATE_LIMIT_TENANT_HEAVY_SHARE,
  RATE_LIMIT_TENANT_TIMES,
  RATE_LIMIT_TENANT_WRITES_SHARE,
} from '../limits/index.ts';

/** Requests in a window, and what counts them over all isolates of a place. */
type Quota = { readonly max: number; readonly limiter: RateLimit | undefined };

/** How many times as many as one credential each quota has, unless its own is given. */
const TIMES = {
  credential: 1,
  address: RATE_LIMIT_ADDRESS_TIMES,
  site: RATE_LIMIT_ADDRESS_TIMES * IPV6_SITE_TIMES,
  tenant: RATE_LIMIT_TENANT_TIMES,
  tenantWrites: RATE_LIMIT_TENANT_WRITES_SHARE,
  tenantHeavy: RATE_LIMIT_TENANT_HEAVY_SHARE,
} as const;
type Name = keyof typeof TIMES;

/** The quotas of one credential, of one address and its /48, and of one tenant, whose requests, writes and heavy reads count apart. */
export function quotasOf(
  given: { readonly [K in Name]?: number | undefined } & {
    readonly credential: number;
    readonly limiters: Readonly<Record<Name, RateLimit | undefined>>;
  },
) {
  const chosen = { site: given.address && given.address * IPV6_SITE_TIMES, ...given };
  const quota = (name: Name): Quota => {
    const max = chosen[name] ?? Math.ceil(given.credential * TIMES[name]);
    // A limiter counts to the usual quota, which is all that wrangler.toml can say.
    const usual = Math.ceil(RATE_LIMIT_DEFAULT * TIMES[name]);
    return { max, limiter: max > usual ? undefined : given.limiters[name] };
  };
  return {
    credential: quota('credential'),
    address: quota('address'),
    site: quota('site'),
    tenant: quota('tenant'),
    tenantWrites: quota('tenantWrites'),
    tenantHeavy: quota('tenantHeavy'),
  };
}
