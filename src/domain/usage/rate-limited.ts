import { type Failure, refuse } from '../../model/failure.ts';

type What = Extract<Failure, { kind: 'rate_limited' }>['of'];

export function refuseTooOften(waitMs: number | null): void {
  if (waitMs !== null) refuseUntil('sign_ins', waitMs);
}

export function refuseUntil(of: What, waitMs: number): never {
  refuse({ kind: 'rate_limited', ...(of && { of }), retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
}
