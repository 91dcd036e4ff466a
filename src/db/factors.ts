import { sql } from 'drizzle-orm';
import { recoveryCodes, totpSecrets } from './schema.ts';
import { arg, type Session, statement } from './statement.ts';

const useStep = statement(
  () => sql`update ${totpSecrets} set last_step = ${arg('step')}
    where user_id = ${arg('userId')} and confirmed_at is not null and last_step < ${arg('step')}`,
);
/** Uses the code of a time step up, with all before it (RFC 6238 §5.2); no row where it is used up. */
export const useTotpStep = (session: Session, userId: string, step: number) => useStep(session, { userId, step });

const useCode = statement(
  () => sql`update ${recoveryCodes} set used_at = ${arg('now')}
    where user_id = ${arg('userId')} and code_hash = ${arg('codeHash')} and used_at is null`,
);
/** Uses a recovery code up; no row where there is none, or not any more. */
export const useRecoveryCode = (
  session: Session,
  given: { readonly userId: string; readonly codeHash: string; readonly now: number },
) => useCode(session, given);
