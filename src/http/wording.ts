import type { Failure } from '../model/failure.ts';
import { LINK_MAILS_MAX } from '../model/limits.ts';

/** Why a right may not be given or taken over, in words that all dialects share; null: one in another reseller. */
export function grantRefused(scope: string | null): string {
  if (scope === null) return 'This user has rights in other tenants that you have not got here.';
  return `Nobody can give or take over the right ${scope} without having it.`;
}

/** What there was too much of, and until when. */
export function tooMany({ of, retryAfterSeconds }: Extract<Failure, { kind: 'rate_limited' }>): string {
  if (of !== 'mails') return 'Too many requests.';
  return `One user gets at most ${LINK_MAILS_MAX} of these e-mails an hour; the next one in ${retryAfterSeconds} seconds.`;
}
