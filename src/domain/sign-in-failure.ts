import { recordFailure } from '../db/signing-in.ts';
import { refuse } from '../model/failure.ts';
import type { Method } from '../model/session.ts';
import type { Visitor } from './visitor.ts';

/** Writes a failure into the audit log and refuses `sign_in_failed`. */
export async function failSignIn(
  { session, origin, requestId, now, newId }: Pick<Visitor, 'session' | 'origin' | 'requestId' | 'now' | 'newId'>,
  failed: {
    readonly resellerId: string | null;
    readonly userId: string;
    readonly reason: string;
    readonly method?: Method;
  },
): Promise<never> {
  const { resellerId, userId, ...why } = failed;
  const actor = userId === '' ? 'anonymous' : `user:${userId}`;
  const event = { type: 'account.login-failed', details: { ...why, ...origin } } as const;
  await recordFailure(session, event, { id: newId(), resellerId, actor, subject: userId, requestId, now, ...origin });
  return refuse({ kind: 'sign_in_failed' });
}
