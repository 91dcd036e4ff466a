import { type SQL, sql } from 'drizzle-orm';
import type { User } from '../../model/users/user.ts';
import { confirmedTotp, passkeyCount, totpWhere } from '../factors/user-factors.ts';
import { externalIdentities, passkeys, recoveryCodes, users } from '../schema/index.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { arg, assignments } from '../sql/statement.ts';

/** A change of how the caller signs in, where it is as it was read and `condition` holds of the table `user`. */
const changing = (condition: SQL, changed = ['twoFactorEnabled', 'googleSsoEnabled', 'updatedAt']) =>
  callerStatement(
    (callerSql) => sql`update ${users} as user set ${assignments(users, changed)} from ${callerSql.table}
      where caller.permitted and user.id = ${arg('callerId')} and user.updated_at = ${arg('readAt')} and ${condition}`,
  );

const unused = sql`from ${recoveryCodes} as recovery where recovery.user_id = user.id and recovery.used_at is null`;

const password = changing(sql`user.password_hash = ${arg('readHash')}`, ['passwordHash', 'updatedAt']);
/** Sets the password, if it is still the one that was judged. Trigger users_password_changed: proofs by the old one. */
export const changePassword = (
  caller: CallerContext,
  after: User,
  given: { readonly readAt: number; readonly readHash: string; readonly passwordHash: string },
) => password(caller, { ...after, ...given });

const confirming = changing(
  sql`exists (select 1 ${totpWhere(sql`totp.confirmed_at is null and totp.sealed_secret = ${arg('sealedSecret')}`)})`,
);
/** Enables two-factor sign-in, while this secret waits for its first code. */
export const enableTotp = (
  caller: CallerContext,
  after: User,
  given: { readonly readAt: number; readonly sealedSecret: string },
) => confirming(caller, { ...after, ...given });

const disabling = changing(
  sql`exists (select 1 ${confirmedTotp} and (${arg('step')} is null or totp.last_step < ${arg('step')}))
    and (${arg('codeHash')} is null or exists (select 1 ${unused} and recovery.code_hash = ${arg('codeHash')}))
    and ${passkeyCount} = ${arg('passkeys')}`,
);
/** Disables sign-in by an authenticator for who has a code of it, or a recovery code, that nobody has used. */
export const disableTotp = (
  caller: CallerContext,
  after: User,
  given: {
    readonly readAt: number;
    readonly passkeys: number;
    readonly step: number | null;
    readonly codeHash: string | null;
  },
) => disabling(caller, { ...after, ...given });

const disarming = changing(
  sql`exists (select 1 from ${passkeys} where id = ${arg('id')} and user_id = user.id)
    and ${passkeyCount} = 1 and not exists (select 1 ${confirmedTotp})`,
);
/** Disables two-factor sign-in of whoever gives the last factor away: this passkey. */
export const disableLastPasskey = (
  caller: CallerContext,
  after: User,
  given: { readonly readAt: number; readonly passkeyId: string },
) => disarming(caller, { ...after, readAt: given.readAt, id: given.passkeyId });

const unlinking = changing(
  sql`exists (select 1 from ${externalIdentities} as identity where identity.user_id = user.id)`,
  ['googleSsoEnabled', 'googleUnlinkedAt', 'updatedAt'],
);
/** Keeps an outside identity from being linked; the trigger users_unlinked ends those that are. */
export const unlinkIdentities = (caller: CallerContext, after: User, given: { readonly readAt: number }) =>
  unlinking(caller, { ...after, ...given, googleUnlinkedAt: caller.now });

const allowing = callerStatement(
  (callerSql) => sql`update ${users} as user set google_unlinked_at = null from ${callerSql.table}
    where caller.permitted and user.id = ${arg('callerId')} and user.google_unlinked_at is not null`,
);
/** Lets an outside identity be linked to the caller again. */
export const allowIdentities = (caller: CallerContext) => allowing(caller, {});
