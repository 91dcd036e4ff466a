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

/** How many requests of one kind somebody has in a window of `RATE_WINDOW_SECONDS`. */
export type Policy = {
  /** What the headers call it. */
  readonly name: string;
  readonly quota: (env: Env) => number;
  /** What counts over all isolates of a place, where it is bound; none where our own count is enough. */
  readonly limiter?: (env: Env) => RateLimit | undefined;
  /** The budget that it is, where it is a tenant's. */
  readonly budget?: Budget;
};

/** A policy by network: an IPv4 address or the /64 of an IPv6 one, and beside it the /48 that this is within. */
export type NetworkPolicy = Policy & { readonly site: Policy };

/** Adds the quota of a /48. */
function byNetwork(policy: Policy, limiter?: Policy['limiter']): NetworkPolicy {
  const quota = (env: Env) => policy.quota(env) * IPV6_SITE_FACTOR;
  return { ...policy, site: { name: `${policy.name}-site`, quota, ...(limiter && { limiter }) } };
}

/** The callers of a policy, and how often each has come before the window ends. */
export type Window = { readonly resetMs: number; readonly counts: Map<string, number> };

/** How a request stands under one policy. */
export type Rate = {
  readonly policy: Policy;
  readonly key: string;
  readonly limit: number;
  readonly window: Window;
  /** Requests in this window, this one included. */
  used: number;
  /** Whether the policy's limiter has been asked. */
  asked: boolean;
};

/** Whatever one address asks for, with a credential or without. */
export const ADDRESS = byNetwork(
  { name: 'address', quota: (env) => env.quotas.address.max, limiter: (env) => env.quotas.address.limiter },
  (env) => env.quotas.site.limiter,
);
/** What one credential asks for. */
export const CREDENTIAL: Policy = {
  name: 'credential',
  quota: (env) => env.quotas.credential.max,
  limiter: (env) => env.quotas.credential.limiter,
};
/** What one tenant asks for, by all its credentials together. */
export const TENANT: Policy = {
  name: 'tenant',
  quota: (env) => env.quotas.tenant.max,
  limiter: (env) => env.quotas.tenant.limiter,
  budget: 'tenant_requests',
};
/** What of that may write. */
export const TENANT_WRITES: Policy = {
  name: 'tenant-writes',
  quota: (env) => env.quotas.tenantWrites.max,
  limiter: (env) => env.quotas.tenantWrites.limiter,
  budget: 'tenant_writes',
};
/** What of that looks at many rows. */
export const TENANT_HEAVY: Policy = {
  name: 'tenant-heavy-reads',
  quota: (env) => env.quotas.tenantHeavy.max,
  limiter: (env) => env.quotas.tenantHeavy.limiter,
  budget: 'heavy_reads',
};
/** What one address asks for without a valid credential: as much as with one, so that guessing pays nowhere. */
export const ANONYMOUS = byNetwork({ ...CREDENTIAL, name: 'anonymous' });
/** Ways to sign in, by address. */
export const SIGN_IN = byNetwork(
  { name: 'sign-in', quota: () => SIGN_IN_REQUESTS_MAX, limiter: (env) => env.limiters.signIn },
  (env) => env.limiters.signInSite,
);
/** The token and revocation endpoints, by address. */
export const TOKEN = byNetwork(
  { name: 'token', quota: () => TOKEN_REQUESTS_MAX, limiter: (env) => env.limiters.token },
  (env) => env.limiters.tokenSite,
);
/** Links in mails, what they lead to and asking for one, by address. */
export const LINK = byNetwork(
  { name: 'link', quota: () => LINK_REQUESTS_MAX, limiter: (env) => env.limiters.link },
  (env) => env.limiters.linkSite,
);
/** API keys that have to be looked up, by address. */
export const API_KEY = byNetwork({ name: 'api-key', quota: () => API_KEY_LOOKUPS_MAX });
/** One invitation, or an address with a link that is none of ours. */
export const INVITATION = byNetwork({ name: 'invitation', quota: () => INVITATION_REQUESTS_MAX });
/** One subscription, or an address with a link that is none of ours. */
export const SUBSCRIPTION = byNetwork({ name: 'subscription', quota: () => SUBSCRIPTION_REQUESTS_MAX });
