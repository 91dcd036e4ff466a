import type { CallerContext } from '../../db/sql/caller-context.ts';
import { refuse } from '../../model/failure.ts';

/**
 * Guards what gives or takes a way to sign in as a user. An application that acts for a user does none of it, or it would
 * become that user. Users do it for themselves by `/v3/me`, which asks for proofs that a stolen token lacks. Refuses
 * `user_required`, `self_refused`.
 */
export function guardCredentials(caller: CallerContext, userId: string): void {
  refuseApplication(caller);
  if (caller.actor.kind === 'user' && caller.actor.subject === userId) refuse({ kind: 'self_refused' });
}

/** The first half alone. Refuses `user_required`. */
export function refuseApplication({ actor }: CallerContext): void {
  if (actor.application !== null) refuse({ kind: 'user_required' }, 'an API client acts for the user');
}
