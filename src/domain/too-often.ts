import { refuse } from '../model/failure.ts';

/** Refuses `rate_limited` to whoever has failed to sign in too often and has to wait for this long; null: nobody has. */
export function refuseTooOften(waitMs: number | null): void {
  if (waitMs === null) return;
  refuse({ kind: 'rate_limited', of: 'sign_ins', retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
}
