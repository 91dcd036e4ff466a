import { type Failure, refuse } from '../../model/failure.ts';

type What = Extract<Failure, { kind: 'rate_limited' }>['of'];

/** Refuses `rate_limited` to whoever has failed to sign in too often and has to wait for this long; null: nobody has. */
export function refuseTooOften(waitMs: number | null): void {
  if (waitMs !== null) refuseUntil('sign_ins', waitMs);
}

/** Refuses `rate_limited`: of this there is no more for so long. */
export function refuseUntil(of: What, waitMs: number): never {
  refuse({ kind: 'rate_limited', ...(of && { of }), retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
}
