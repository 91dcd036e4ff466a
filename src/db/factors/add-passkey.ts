import { sql } from 'drizzle-orm';
import { PASSKEYS_MAX } from '../../model/limits/index.ts';
import type { User } from '../../model/users/user.ts';
import { afterChange } from '../commit/chain.ts';
import { passkeys, users } from '../schema/index.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { arg, assignments, type Db, insertSelect } from '../sql/statement.ts';
import { passkeyCount } from './user-factors.ts';

const enable = callerStatement(
  (
    callerSql,
  ) => sql`update ${users} as user set ${assignments(users, ['twoFactorEnabled', 'updatedAt'])} from ${callerSql.table}
    where caller.permitted and user.id = ${arg('callerId')} and user.updated_at = ${arg('readAt')}
      and ${passkeyCount} < ${PASSKEYS_MAX}
      and not exists (select 1 from ${passkeys} where id = ${arg('passkeyId')})`,
);
/** No row where the passkey is already registered. */
export const enableTwoFactorByPasskey = (
  caller: CallerContext,
  after: User,
  given: { readonly readAt: number; readonly passkeyId: string },
) => enable(caller, { ...after, ...given });

export type NewPasskey = {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly backedUp: boolean;
};

const insert = afterChange((changed) =>
  insertSelect(
    passkeys,
    ['id', 'userId', 'name', 'publicKey', 'counter', 'transports', 'backedUp', 'createdAt'],
    sql`where ${changed}`,
  ),
);
export const insertPasskeyAfter = (db: Db, userId: string, passkey: NewPasskey, now: number) =>
  insert(db, { ...passkey, userId, createdAt: now });
