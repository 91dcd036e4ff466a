import { RATE_WINDOW_SECONDS } from '../../model/limits/index.ts';
import type { RequestContext } from '../request-context.ts';
import { type RateState, rateStateOf } from './rate-limit.ts';

export const RATE_FIELDS = ['RateLimit-Policy', 'RateLimit'] as const;

/** draft-ietf-httpapi-ratelimit-headers-11, lists of RFC 9651. */
export function rateFields({ rates, clock }: Pick<RequestContext, 'rates' | 'clock'>): Record<string, string> {
  if (rates.length === 0) return {};
  const seconds = (resetMs: number) => Math.max(0, Math.ceil((resetMs - clock()) / 1000));
  const policies = rates.map(({ policy, limit }) => `"${policy.name}";q=${limit};w=${RATE_WINDOW_SECONDS}`);
  const left = rates.map(
    (rate) => `"${rate.policy.name}";r=${rateStateOf(rate).remaining};t=${seconds(rate.window.resetMs)}`,
  );
  return { 'RateLimit-Policy': policies.join(', '), RateLimit: left.join(', ') };
}

/** The policy with the fewest requests left. */
export function tightestRate({ rates }: Pick<RequestContext, 'rates'>): RateState | null {
  const states = rates.map(rateStateOf).sort((one, other) => one.remaining - other.remaining);
  return states[0] ?? null;
}
