import type { CallerContext } from '../../db/sql/caller-context.ts';
import { refuse } from '../../model/failure.ts';

/**
 * Guards changes to another user's credentials: with them, an API client that acts for a user could take over the
 * account. Users change their own through `/v3/me`, which asks for proof.
 */
export function guardCredentials(caller: CallerContext, userId: string): void {
  refuseApplication(caller);
  refuseOwn(caller, userId);
}

export function refuseOwn({ actor }: CallerContext, userId: string): void {
  if (actor.kind === 'user' && actor.subject === userId) refuse({ kind: 'self_refused' });
}

/** Refuses `user_required` of an application. */
export function refuseApplication({ actor }: CallerContext): void {
  if (actor.application !== null) refuse({ kind: 'user_required' }, 'an API client acts for the user');
}
