import { sql } from 'drizzle-orm';
import { type AuditRow, auditAfter } from '../commit/audit-entry.ts';
import { chain } from '../commit/chain.ts';
import { apiClients, resellers, revokedTokens } from '../schema/index.ts';
import { arg, type Db, insertSelect, statement, writtenBytes } from '../sql/statement.ts';
import { chargeBehind, recorded } from '../usage/budgets.ts';

export type ApiClient = Pick<typeof apiClients.$inferSelect, 'id' | 'resellerId' | 'secretHash' | 'scopes'>;

const find = statement(
  () => sql`select client.id, client.reseller_id as resellerId, client.secret_hash as secretHash, client.scopes
    from ${apiClients} as client left join ${resellers} as home on home.id = client.reseller_id
    where client.id = ${arg('id')} and client.revoked_at is null and home.deleted_at is null`,
);

/** An API client that may have tokens: neither it nor its reseller is gone. */
export function findClient(db: Db, id: string): Promise<ApiClient | null> {
  return find(db, { id }).first<ApiClient>();
}

const revoke = statement(
  () => sql`${insertSelect(revokedTokens, ['jti', 'expiresAt'], sql`where true`)} on conflict do nothing`,
);

/** Ends one access token from the next request on. The row is needed until the token would have run out. */
export async function revokeToken(
  db: Db,
  token: { readonly jti: string; readonly expiresAtMs: number },
  noted: AuditRow,
): Promise<void> {
  const { jti, expiresAtMs: expiresAt } = token;
  const event = { type: 'client.token-revoked', details: { tokenId: jti, expiresAt } } as const;
  const revoked = chain(revoke(db, { jti, expiresAt }), auditAfter(db, event, noted));
  const charge = recorded(writtenBytes(revoked));
  await db.batch([...chain(...revoked, ...chargeBehind(db, noted.resellerId, charge, noted.now))]);
}
