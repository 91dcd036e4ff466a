import { sql } from 'drizzle-orm';
import type { Passkey, PasskeyUse } from '../../model/factors/passkey.ts';
import { passkeys } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { columnsOf } from '../sql/selection.ts';
import { arg, type Db, statement } from '../sql/statement.ts';

const columns = columnsOf(passkeys, 'passkey', ['id', 'userId', 'publicKey', 'counter', 'transports']);

const find = query(() => ({
  select: { passkey: columns },
  from: sql`from ${passkeys} as passkey where id = ${arg('id')}`,
}));
export async function findPasskey(db: Db, id: string): Promise<Passkey | null> {
  const [found] = await find(db, { id });
  return found?.passkey ?? null;
}

const ofUser = query(() => ({
  select: { passkey: columns },
  from: sql`from ${passkeys} as passkey where user_id = ${arg('userId')} order by created_at`,
}));
export async function findUserPasskeys(db: Db, userId: string): Promise<readonly Passkey[]> {
  return (await ofUser(db, { userId })).flatMap(({ passkey }) => passkey ?? []);
}

const use = statement(
  () => sql`update ${passkeys} set counter = ${arg('counter')}, backed_up = ${arg('backedUp')}, used_at = ${arg('now')}
    where id = ${arg('id')} and counter = ${arg('readCounter')}`,
);
/** No row where the passkey's counter has changed. */
export const recordPasskeyUse = (db: Db, { id, counter: readCounter }: Passkey, used: PasskeyUse, now: number) =>
  use(db, { id, readCounter, counter: used.counter, backedUp: used.backedUp ? 1 : 0, now });
