import type { CallerContext } from '../../db/sql/caller-context.ts';
import { refuse } from '../../model/failure.ts';

/**
 * Guards what gives or takes a way to sign in as a user. An application that acts for a user does none of it, or it would
 * become that user. Users do it for themselves by `/v3/me`, which asks for proofs that a stolen token lacks. Refuses
 * `user_required`, `self_refused`.
 */
export function guardCredentials(caller: CallerContext, userId: string): void {
  refuseApplication(caller);
  refuseOwn(caller, userId);
}

/** Refuses `self_refused` where the caller is the user that a change is about. */
export function refuseOwn({ actor }: CallerContext, userId: string): void {
  if (actor.kind === 'user' && actor.subject === userId) refuse({ kind: 'self_refused' });
}

/** Refuses `user_required` of an application. */
export function refuseApplication({ actor }: CallerContext): void {
  if (actor.application !== null) refuse({ kind: 'user_required' }, 'an API client acts for the user');
}
