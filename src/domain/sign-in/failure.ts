import { reportGuesses } from '../../db/factors/guessed-factors.ts';
import { countFailure } from '../../db/sign-in/failures.ts';
import { refuse } from '../../model/failure.ts';
import type { AuthenticationMethod } from '../../model/sessions/session.ts';
import type { AnonymousContext } from './anonymous-context.ts';

type FailedSignIn = {
  readonly resellerId: string | null;
  readonly userId: string;
  readonly reason: string;
  readonly method?: AuthenticationMethod;
};

/**
 * Counts the failure; the audit log gets an hourly total. Wrong codes after a correct password are mailed to the user.
 */
export async function failSignIn(
  anonymous: Pick<AnonymousContext, 'db' | 'origin' | 'now' | 'newId' | 'requestId' | 'emailIds'>,
  { resellerId, userId, reason, method }: FailedSignIn,
): Promise<never> {
  const { db, origin, now, newId, requestId, emailIds } = anonymous;
  const countedResellerId = userId === '' ? '' : (resellerId ?? '');
  const counted = countFailure(db, {
    resellerId: countedResellerId,
    userId,
    network: origin.address,
    reason,
    method: method ?? '',
    now,
  });
  const mailId = newId();
  const audit = { id: newId(), resellerId, subject: userId, actor: `user:${userId}`, requestId, now, ...origin };
  const guessNotice = reason === 'wrong-factor' ? reportGuesses(db, mailId, audit) : [];
  const [, auditResult] = await db.batch([counted, ...guessNotice]);
  if (auditResult !== undefined && auditResult.meta.changes > 0) emailIds.push(mailId);
  return refuse({ kind: 'sign_in_failed' });
}
