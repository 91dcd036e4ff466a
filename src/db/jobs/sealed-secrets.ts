import { type Column, type SQL, sql } from 'drizzle-orm';
import { RESEAL_LEFT_MAX, RESEAL_ROWS } from '../../model/limits/index.ts';
import { totpSecrets, webhookEndpoints } from '../schema/index.ts';
import { type Query, query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, type Statement, statement } from '../sql/statement.ts';

export type SealedText = { readonly id: string; readonly text: string };
export type ResealedText = SealedText & { readonly newText: string };

export type SealedKind = { readonly find: Query<SealedText>; readonly replace: Statement; readonly others: SQL };

/** Secrets that do not expire. */
export const SEALED_KINDS = {
  webhookTokens: sealedIn(webhookEndpoints, webhookEndpoints.id, webhookEndpoints.sealedToken),
  oldWebhookTokens: sealedIn(webhookEndpoints, webhookEndpoints.id, webhookEndpoints.sealedOldToken),
  totpSecrets: sealedIn(totpSecrets, totpSecrets.userId, totpSecrets.sealedSecret),
};

function sealedIn(table: typeof webhookEndpoints | typeof totpSecrets, id: Column, text: Column): SealedKind {
  // The indexes have the same expression.
  const key = sql`substr(${text}, 1, instr(${text}, '.') - 1)`;
  const name = sql.identifier(text.name);
  return {
    find: query(() => ({
      select: { id: value<string>(sql`${id}`), text: value<string>(sql`${text}`) },
      from: sql`from ${table}
        where ${text} is not null and ${key} = ${arg('keyId')} and ${id} > ${arg('after')} order by ${id} limit ${arg('limit')}`,
    })),
    replace: statement(
      () => sql`update ${table} set ${name} = given.value ->> 'newText' from json_each(${arg('resealed')}) as given
        where ${id} = given.value ->> 'id' and ${text} = given.value ->> 'text'`,
    ),
    others: sql`(select count(*) from (select 1 from ${table} where ${text} is not null and ${key} < ${arg('keyId')}
      union all select 1 from ${table} where ${text} is not null and ${key} > ${arg('keyId')} limit ${arg('most')}))`,
  };
}

export async function findSealed(
  db: Db,
  kind: SealedKind,
  by: { readonly keyId: string; readonly after: string },
): Promise<SealedText[]> {
  return kind.find(db, { ...by, limit: RESEAL_ROWS });
}

/** Skips texts that have changed. Returns how many it replaced. */
export async function replaceSealed(db: Db, kind: SealedKind, resealed: readonly ResealedText[]): Promise<number> {
  if (resealed.length === 0) return 0;
  return (await kind.replace(db, { resealed: JSON.stringify(resealed) }).run()).meta.changes;
}

const others = Object.values(SEALED_KINDS).map((kind) => kind.others);
const count = query(() => ({ select: { left: value<number>(sql.join(others, sql` + `)) }, from: sql`` }));

/** Counts at most RESEAL_LEFT_MAX of each kind. */
export async function countSealedByOthers(db: Db, keyId: string): Promise<number> {
  const [counted] = await count(db, { keyId, most: RESEAL_LEFT_MAX });
  return counted?.left ?? 0;
}
