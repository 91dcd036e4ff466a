import type { Env } from '../../env.ts';
import {
  API_KEY_LOOKUPS_MAX,
  INVITATION_REQUESTS_MAX,
  IPV6_SITE_FACTOR,
  LINK_REQUESTS_MAX,
  SIGN_IN_REQUESTS_MAX,
  SUBSCRIPTION_REQUESTS_MAX,
  TOKEN_REQUESTS_MAX,
} from '../../model/limits/index.ts';
import type { Budget } from '../../model/usage/budgets.ts';

/** A quota of requests per `RATE_WINDOW_SECONDS`. */
export type Policy = {
  readonly name: string;
  readonly quota: (env: Env) => number;
  /** Counts per Cloudflare location. */
  readonly limiter?: (env: Env) => RateLimit | undefined;
  readonly budget?: Budget;
};

/** Per IPv4 address or IPv6 /64, and per the surrounding IPv6 /48. */
export type NetworkPolicy = Policy & { readonly site: Policy };

function byNetwork(policy: Policy, limiter?: Policy['limiter']): NetworkPolicy {
  const quota = (env: Env) => policy.quota(env) * IPV6_SITE_FACTOR;
  return { ...policy, site: { name: `${policy.name}-site`, quota, ...(limiter && { limiter }) } };
}

export type RateWindow = { readonly resetMs: number; readonly counts: Map<string, number> };

export type Rate = {
  readonly policy: Policy;
  readonly key: string;
  readonly limit: number;
  readonly window: RateWindow;
  used: number;
  limiterAsked: boolean;
};

export const ADDRESS = byNetwork(
  { name: 'address', quota: (env) => env.quotas.address.max, limiter: (env) => env.quotas.address.limiter },
  (env) => env.quotas.site.limiter,
);
export const CREDENTIAL: Policy = {
  name: 'credential',
  quota: (env) => env.quotas.credential.max,
  limiter: (env) => env.quotas.credential.limiter,
};
export const TENANT: Policy = {
  name: 'tenant',
  quota: (env) => env.quotas.tenant.max,
  limiter: (env) => env.quotas.tenant.limiter,
  budget: 'tenant_requests',
};
export const TENANT_WRITES: Policy = {
  name: 'tenant-writes',
  quota: (env) => env.quotas.tenantWrites.max,
  limiter: (env) => env.quotas.tenantWrites.limiter,
  budget: 'tenant_writes',
};
export const TENANT_HEAVY: Policy = {
  name: 'tenant-heavy-reads',
  quota: (env) => env.quotas.tenantHeavy.max,
  limiter: (env) => env.quotas.tenantHeavy.limiter,
  budget: 'heavy_reads',
};
/** The same quota as a credential, so that guessing has no advantage. */
export const ANONYMOUS = byNetwork({ ...CREDENTIAL, name: 'anonymous' });
export const SIGN_IN = byNetwork(
  { name: 'sign-in', quota: () => SIGN_IN_REQUESTS_MAX, limiter: (env) => env.limiters.signIn },
  (env) => env.limiters.signInSite,
);
export const TOKEN = byNetwork(
  { name: 'token', quota: () => TOKEN_REQUESTS_MAX, limiter: (env) => env.limiters.token },
  (env) => env.limiters.tokenSite,
);
export const LINK = byNetwork(
  { name: 'link', quota: () => LINK_REQUESTS_MAX, limiter: (env) => env.limiters.link },
  (env) => env.limiters.linkSite,
);
export const API_KEY = byNetwork({ name: 'api-key', quota: () => API_KEY_LOOKUPS_MAX });
export const INVITATION = byNetwork({ name: 'invitation', quota: () => INVITATION_REQUESTS_MAX });
export const SUBSCRIPTION = byNetwork({ name: 'subscription', quota: () => SUBSCRIPTION_REQUESTS_MAX });
