import { countFailure } from '../db/sign-in-failures.ts';
import { refuse } from '../model/failure.ts';
import type { Method } from '../model/session.ts';
import type { Visitor } from './visitor.ts';

/** Counts a failure, which enters the audit log after the hour, and refuses `sign_in_failed`. */
export async function failSignIn(
  { session, origin, now }: Pick<Visitor, 'session' | 'origin' | 'now'>,
  failed: {
    readonly resellerId: string | null;
    readonly userId: string;
    readonly reason: string;
    readonly method?: Method;
  },
): Promise<never> {
  const { userId, reason, method = '' } = failed;
  const resellerId = userId === '' ? '' : (failed.resellerId ?? '');
  await countFailure(session, { resellerId, userId, network: origin.address, reason, method, now });
  return refuse({ kind: 'sign_in_failed' });
}
