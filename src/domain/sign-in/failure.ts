import { noteGuesses } from '../../db/factors/guessed-factors.ts';
import { countFailure } from '../../db/sign-in/failures.ts';
import { refuse } from '../../model/failure.ts';
import type { AuthenticationMethod } from '../../model/sessions/session.ts';
import type { AnonymousContext } from './anonymous-context.ts';

type Failed = {
  readonly resellerId: string | null;
  readonly userId: string;
  readonly reason: string;
  readonly method?: AuthenticationMethod;
};

/**
 * Counts a failure, which enters the audit log after the hour, and refuses `sign_in_failed`. The user is told of wrong codes
 * behind the right password.
 */
export async function failSignIn(
  anonymous: Pick<AnonymousContext, 'db' | 'origin' | 'now' | 'newId' | 'requestId' | 'emailIds'>,
  { resellerId, userId, reason, method }: Failed,
): Promise<never> {
  const { db, origin, now, newId, requestId, emailIds } = anonymous;
  const of = userId === '' ? '' : (resellerId ?? '');
  const counted = countFailure(db, {
    resellerId: of,
    userId,
    network: origin.address,
    reason,
    method: method ?? '',
    now,
  });
  const mailId = newId();
  const noted = { id: newId(), resellerId, subject: userId, actor: `user:${userId}`, requestId, now, ...origin };
  const told = reason === 'wrong-factor' ? noteGuesses(db, mailId, noted) : [];
  const [, entry] = await db.batch([counted, ...told]);
  if (entry !== undefined && entry.meta.changes > 0) emailIds.push(mailId);
  return refuse({ kind: 'sign_in_failed' });
}
