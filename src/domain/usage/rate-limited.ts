import { type Failure, refuse } from '../../model/failure.ts';

type LimitedResource = Extract<Failure, { kind: 'rate_limited' }>['of'];

export function refuseIfBlocked(waitMs: number | null): void {
  if (waitMs !== null) refuseRateLimited('sign_ins', waitMs);
}

export function refuseRateLimited(of: LimitedResource, waitMs: number): never {
  refuse({ kind: 'rate_limited', ...(of && { of }), retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
}
