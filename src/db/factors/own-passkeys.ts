import { sql } from 'drizzle-orm';
import { afterChange } from '../commit/chain.ts';
import { passkeys, totpSecrets } from '../schema/index.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { columnsOf, type Selected } from '../sql/selection.ts';
import { arg, type Db } from '../sql/statement.ts';

const columns = columnsOf(passkeys, 'passkey', ['id', 'name', 'createdAt', 'usedAt', 'backedUp']);
export type OwnPasskey = NonNullable<Selected<typeof columns>>;

const list = callerQuery((callerSql) => ({
  select: { passkey: columns },
  from: sql`from ${callerSql.table}
    left join ${passkeys} as passkey on passkey.user_id = ${arg('callerId')} order by passkey.created_at`,
}));

export async function listPasskeys(caller: CallerContext): Promise<OwnPasskey[]> {
  return (await list(caller, {})).flatMap(({ passkey }) => passkey ?? []);
}

const deleteOwn = sql`delete from ${passkeys} where id = ${arg('id')} and user_id = ${arg('userId')}`;
const deleteSpare = callerStatement(
  (callerSql) => sql`${deleteOwn} and exists (select 1 from ${callerSql.table} where caller.permitted)
    and ((select count(*) from ${passkeys} as other where other.user_id = ${arg('userId')}) > 1
      or exists (select 1 from ${totpSecrets} where user_id = ${arg('userId')} and confirmed_at is not null))`,
);
/** No row where it is the last second factor. */
export const deleteSparePasskey = (caller: CallerContext, id: string) =>
  deleteSpare(caller, { id, userId: caller.actor.subject });

const deleteAfter = afterChange((changed) => sql`${deleteOwn} and ${changed}`);
export const deletePasskeyAfter = (db: Db, given: { readonly id: string; readonly userId: string }) =>
  deleteAfter(db, given);
