import { sql } from 'drizzle-orm';
import { type AuditRow, auditAfter } from '../commit/audit-entry.ts';
import { chain } from '../commit/chain.ts';
import { apiClients, resellers, revokedTokens } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { columnsOf, type Selected } from '../sql/selection.ts';
import { arg, type Db, insertSelect, statement, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';

const columns = columnsOf(apiClients, 'client', ['id', 'resellerId', 'secretHash', 'scopes']);
export type StoredClient = NonNullable<Selected<typeof columns>>;

const find = query(() => ({
  select: { client: columns },
  from: sql`from ${apiClients} as client left join ${resellers} as home on home.id = client.reseller_id
    where client.id = ${arg('id')} and client.revoked_at is null and home.deleted_at is null`,
}));

/** Null where the client or its reseller is gone. */
export async function findClient(db: Db, id: string): Promise<StoredClient | null> {
  const [found] = await find(db, { id });
  return found?.client ?? null;
}

const revoke = statement(
  () => sql`${insertSelect(revokedTokens, ['jti', 'expiresAt'], sql`where true`)} on conflict do nothing`,
);

export async function revokeAccessToken(
  db: Db,
  token: { readonly jti: string; readonly expiresAtMs: number },
  auditRow: AuditRow,
): Promise<void> {
  const { jti, expiresAtMs: expiresAt } = token;
  const event = { type: 'client.token-revoked', details: { tokenId: jti, expiresAt } } as const;
  const revoked = chain(revoke(db, { jti, expiresAt }), auditAfter(db, event, auditRow));
  const charge = unlimitedCharge(writtenBytes(revoked));
  await db.batch([...chain(...revoked, ...chargeAfter(db, auditRow.resellerId, charge, auditRow.now))]);
}
