import { type SQL, sql } from 'drizzle-orm';
import type { User } from '../../model/users/user.ts';
import { confirmedTotp, passkeyCount, totpWhere } from '../factors/user-factors.ts';
import { externalIdentities, passkeys, recoveryCodes, users } from '../schema/index.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { arg, assignments } from '../sql/statement.ts';

const guardedUpdate = (condition: SQL, changed = ['twoFactorEnabled', 'googleSsoEnabled', 'updatedAt']) =>
  callerStatement(
    (callerSql) => sql`update ${users} as user set ${assignments(users, changed)} from ${callerSql.table}
      where caller.permitted and user.id = ${arg('callerId')} and user.updated_at = ${arg('readAt')} and ${condition}`,
  );

const unused = sql`from ${recoveryCodes} as recovery where recovery.user_id = user.id and recovery.used_at is null`;

const password = guardedUpdate(sql`user.password_hash = ${arg('readHash')}`, ['passwordHash', 'updatedAt']);
/** Requires the verified hash. Trigger users_password_changed voids proofs by the old one. */
export const changePassword = (
  caller: CallerContext,
  after: User,
  given: { readonly readAt: number; readonly readHash: string; readonly passwordHash: string },
) => password(caller, { ...after, ...given });

const confirming = guardedUpdate(
  sql`exists (select 1 ${totpWhere(sql`totp.confirmed_at is null and totp.sealed_secret = ${arg('sealedSecret')}`)})`,
);
/** Requires that this secret is not confirmed yet. */
export const enableTotp = (
  caller: CallerContext,
  after: User,
  given: { readonly readAt: number; readonly sealedSecret: string },
) => confirming(caller, { ...after, ...given });

const disabling = guardedUpdate(
  sql`exists (select 1 ${confirmedTotp} and (${arg('step')} is null or totp.last_step < ${arg('step')}))
    and (${arg('codeHash')} is null or exists (select 1 ${unused} and recovery.code_hash = ${arg('codeHash')}))
    and ${passkeyCount} = ${arg('passkeys')}`,
);
/** Requires an unused code or recovery code. */
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

const disarming = guardedUpdate(
  sql`exists (select 1 from ${passkeys} where id = ${arg('id')} and user_id = user.id)
    and ${passkeyCount} = 1 and not exists (select 1 ${confirmedTotp})`,
);
export const disableLastPasskey = (
  caller: CallerContext,
  after: User,
  given: { readonly readAt: number; readonly passkeyId: string },
) => disarming(caller, { ...after, readAt: given.readAt, id: given.passkeyId });

const unlinking = guardedUpdate(
  sql`exists (select 1 from ${externalIdentities} as identity where identity.user_id = user.id)`,
  ['googleSsoEnabled', 'googleUnlinkedAt', 'updatedAt'],
);
/** Trigger users_unlinked deletes the linked identities. */
export const unlinkIdentities = (caller: CallerContext, after: User, given: { readonly readAt: number }) =>
  unlinking(caller, { ...after, ...given, googleUnlinkedAt: caller.now });

const allowing = callerStatement(
  (callerSql) => sql`update ${users} as user set google_unlinked_at = null from ${callerSql.table}
    where caller.permitted and user.id = ${arg('callerId')} and user.google_unlinked_at is not null`,
);
export const allowIdentities = (caller: CallerContext) => allowing(caller, {});
