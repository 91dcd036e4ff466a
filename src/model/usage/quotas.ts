import {
  IPV6_SITE_FACTOR,
  RATE_LIMIT_ADDRESS_FACTOR,
  RATE_LIMIT_DEFAULT,
  RATE_LIMIT_TENANT_FACTOR,
  RATE_LIMIT_TENANT_HEAVY_SHARE,
  RATE_LIMIT_TENANT_WRITES_SHARE,
} from '../limits/index.ts';

type Quota = { readonly max: number; readonly limiter: RateLimit | undefined };

const QUOTA_FACTORS = {
  credential: 1,
  address: RATE_LIMIT_ADDRESS_FACTOR,
  site: RATE_LIMIT_ADDRESS_FACTOR * IPV6_SITE_FACTOR,
  tenant: RATE_LIMIT_TENANT_FACTOR,
  tenantWrites: RATE_LIMIT_TENANT_WRITES_SHARE,
  tenantHeavy: RATE_LIMIT_TENANT_HEAVY_SHARE,
} as const;
type QuotaName = keyof typeof QUOTA_FACTORS;

export function quotasOf(
  settings: { readonly [K in QuotaName]?: number | undefined } & {
    readonly credential: number;
    readonly limiters: Readonly<Record<QuotaName, RateLimit | undefined>>;
  },
) {
  const limits = { site: settings.address && settings.address * IPV6_SITE_FACTOR, ...settings };
  const quota = (name: QuotaName): Quota => {
    const max = limits[name] ?? Math.ceil(settings.credential * QUOTA_FACTORS[name]);
    const defaultMax = Math.ceil(RATE_LIMIT_DEFAULT * QUOTA_FACTORS[name]);
    return { max, limiter: max > defaultMax ? undefined : settings.limiters[name] };
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
