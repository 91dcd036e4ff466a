import type { Env } from '../env.ts';
import {
  API_KEY_LOOKUPS_MAX,
  INVITATION_REQUESTS_MAX,
  LINK_REQUESTS_MAX,
  SIGN_IN_REQUESTS_MAX,
  SUBSCRIPTION_REQUESTS_MAX,
  TOKEN_REQUESTS_MAX,
} from '../model/limits.ts';

/** How many requests of one kind somebody has in a window of `RATE_WINDOW_SECONDS`. */
export type Policy = {
  /** What the headers call it. */
  readonly name: string;
  readonly quota: (env: Env) => number;
  /** What counts over all isolates of a place, where it is bound; none where our own count is enough. */
  readonly limiter?: (env: Env) => RateLimit | undefined;
};

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
export const ADDRESS: Policy = {
  name: 'address',
  quota: (env) => env.quotas.address.max,
  limiter: (env) => env.quotas.address.limiter,
};
/** What one credential asks for. */
export const CREDENTIAL: Policy = {
  name: 'credential',
  quota: (env) => env.quotas.credential.max,
  limiter: (env) => env.quotas.credential.limiter,
};
/** What one address asks for without a valid credential: as much as with one, so that guessing pays nowhere. */
export const ANONYMOUS: Policy = { ...CREDENTIAL, name: 'anonymous' };
/** Ways to sign in, by address. */
export const SIGN_IN: Policy = {
  name: 'sign-in',
  quota: () => SIGN_IN_REQUESTS_MAX,
  limiter: (env) => env.limiters.signIn,
};
/** The token and revocation endpoints, by address. */
export const TOKEN: Policy = {
  name: 'token',
  quota: () => TOKEN_REQUESTS_MAX,
  limiter: (env) => env.limiters.token,
};
/** Links in mails, what they lead to and asking for one, by address. */
export const LINK: Policy = { name: 'link', quota: () => LINK_REQUESTS_MAX, limiter: (env) => env.limiters.link };
/** API keys that have to be looked up, by address. */
export const API_KEY: Policy = { name: 'api-key', quota: () => API_KEY_LOOKUPS_MAX };
/** One invitation, or an address with a link that is none of ours. */
export const INVITATION: Policy = { name: 'invitation', quota: () => INVITATION_REQUESTS_MAX };
/** One subscription, or an address with a link that is none of ours. */
export const SUBSCRIPTION: Policy = { name: 'subscription', quota: () => SUBSCRIPTION_REQUESTS_MAX };
