import {
  IPV6_SITE_TIMES,
  RATE_LIMIT_ADDRESS_TIMES,
  RATE_LIMIT_DEFAULT,
  RATE_LIMIT_TENANT_HEAVY_SHARE,
  RATE_LIMIT_TENANT_TIMES,
  RATE_LIMIT_TENANT_WRITES_SHARE,
} from '../limits/index.ts';

type Quota = { readonly max: number; readonly limiter: RateLimit | undefined };

const TIMES = {
  credential: 1,
  address: RATE_LIMIT_ADDRESS_TIMES,
  site: RATE_LIMIT_ADDRESS_TIMES * IPV6_SITE_TIMES,
  tenant: RATE_LIMIT_TENANT_TIMES,
  tenantWrites: RATE_LIMIT_TENANT_WRITES_SHARE,
  tenantHeavy: RATE_LIMIT_TENANT_HEAVY_SHARE,
} as const;
type Name = keyof typeof TIMES;

export function quotasOf(
  given: { readonly [K in Name]?: number | undefined } & {
    readonly credential: number;
    readonly limiters: Readonly<Record<Name, RateLimit | undefined>>;
  },
) {
  const chosen = { site: given.address && given.address * IPV6_SITE_TIMES, ...given };
  const quota = (name: Name): Quota => {
    const max = chosen[name] ?? Math.ceil(given.credential * TIMES[name]);
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
