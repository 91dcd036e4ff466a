import type { Env } from '../../env.ts';
import { Refusal, refuse } from '../../model/failure.ts';
import { RATE_CALLERS_MAX, RATE_WINDOW_SECONDS } from '../../model/limits/index.ts';
import { logFault } from '../../model/log.ts';
import { siteOf } from '../../model/network.ts';
import type { RequestContext } from '../request-context.ts';
import type { NetworkPolicy, Policy, Rate, RateWindow } from './policies.ts';

export type RateState = { readonly limit: number; readonly remaining: number; readonly resetMs: number };

type RateContext = Pick<RequestContext, 'env' | 'clock' | 'rates'>;
type NetworkRateContext = RateContext & Pick<RequestContext, 'origin'>;

/** One map per policy, so that many addresses cannot evict credentials. */
const windows = new WeakMap<Env, Map<string, RateWindow>>();

/** Counts here and by the limiter. Refuses `rate_limited`. */
export async function limitRate(context: RateContext, policy: Policy, key: string): Promise<void> {
  countAgainstPolicy(context, policy, key);
  await askLimiters(context);
}

/** Per network of the request. Refuses `rate_limited`. */
export async function limitNetwork(context: NetworkRateContext, policy: NetworkPolicy): Promise<void> {
  countNetwork(context, policy);
  await askLimiters(context);
}

/** Null if the request is within its limits. */
export async function secondsToWait(limited: Promise<void>): Promise<number | null> {
  try {
    await limited;
    return null;
  } catch (error) {
    if (error instanceof Refusal && error.failure.kind === 'rate_limited') return error.failure.retryAfterSeconds;
    throw error;
  }
}

/** Counts in this isolate only. Refuses `rate_limited`. */
export function countNetwork(context: NetworkRateContext, policy: NetworkPolicy): void {
  const { address } = context.origin;
  const site = siteOf(address);
  countAgainstPolicy(context, policy, address);
  if (site !== null) countAgainstPolicy(context, policy.site, site);
}

/** Counts once, in this isolate only. Refuses `rate_limited`. */
export function countAgainstPolicy({ env, clock, rates }: RateContext, policy: Policy, key: string): void {
  if (rates.some((known) => known.policy === policy && known.key === key)) return;
  const window = windowOf(env, policy, clock());
  const used = (window.counts.get(key) ?? 0) + 1;
  storeCount(window, key, used);
  const rate = { policy, key, limit: policy.quota(env), window, used, limiterAsked: policy.limiter === undefined };
  rates.push(rate);
  refuseExcess(rate, clock());
}

/** Asks all limiters at once. A refusal uses up the local window too. Refuses `rate_limited`. */
export async function askLimiters({ env, clock, rates }: RateContext): Promise<void> {
  const open = rates.filter((rate) => !rate.limiterAsked);
  await Promise.all(
    open.map(async (rate) => {
      rate.limiterAsked = true;
      const { policy, key, limit, window } = rate;
      if (await admits(policy.limiter?.(env), `${policy.name}:${key}`)) return;
      rate.used = limit + 1;
      storeCount(window, key, Math.max(window.counts.get(key) ?? 0, rate.used));
    }),
  );
  for (const rate of open) refuseExcess(rate, clock());
}

export function rateStateOf({ limit, used, window: { resetMs } }: Rate): RateState {
  return { limit, remaining: Math.max(0, limit - used), resetMs };
}

function refuseExcess({ used, limit, policy: { budget: of }, window: { resetMs } }: Rate, nowMs: number): void {
  if (used <= limit) return;
  const retryAfterSeconds = Math.max(1, Math.ceil((resetMs - nowMs) / 1000));
  refuse({ kind: 'rate_limited', ...(of && { of }), retryAfterSeconds });
}

/** A failing limiter admits the request: the local count remains. */
async function admits(limiter: RateLimit | undefined, key: string): Promise<boolean> {
  if (limiter === undefined) return true;
  try {
    return (await limiter.limit({ key })).success;
  } catch (error) {
    logFault('rate limiter', error);
    return true;
  }
}

/** `nowMs` is the clock's time: a slow request may have begun in an earlier window. */
function windowOf(env: Env, { name }: Policy, nowMs: number): RateWindow {
  const byPolicy = windows.get(env) ?? new Map<string, RateWindow>();
  windows.set(env, byPolicy);
  const lengthMs = RATE_WINDOW_SECONDS * 1000;
  const resetMs = (Math.floor(nowMs / lengthMs) + 1) * lengthMs;
  const known = byPolicy.get(name);
  if (known?.resetMs === resetMs) return known;
  const window = { resetMs, counts: new Map<string, number>() };
  byPolicy.set(name, window);
  return window;
}

/** Moves the caller to the end; evicts the oldest. */
function storeCount({ counts }: RateWindow, key: string, used: number): void {
  counts.delete(key);
  const [oldest] = counts.size >= RATE_CALLERS_MAX ? counts.keys() : [];
  if (oldest !== undefined) counts.delete(oldest);
  counts.set(key, used);
}
