import { type SQL, sql } from 'drizzle-orm';
import { NO_ORIGIN } from '../../model/events/audit.ts';
import { SIGNED_OUT_CHUNK } from '../../model/limits/index.ts';
import { apiClients, resellers, sessions } from '../schema/index.ts';
import { returning } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db } from '../sql/statement.ts';
import { updateEnded } from './sessions.ts';

const endSome = (which: SQL) =>
  returning(() => ({
    give: { id: value<string>(sql`id`) },
    write: sql`${updateEnded} where ended_at is null and ${which}`,
  }));

// Requests refuse these sessions already; this writes the audit log.
const ofDisabled = endSome(
  sql`id in (select session.id from ${resellers} as reseller
    join ${sessions} as session on session.reseller_id = reseller.id and session.ended_at is null
      and session.created_at <= reseller.signed_out_at
    where reseller.signed_out_at > 0 limit ${arg('limit')})`,
);

const nextOpenClient = (more: SQL) =>
  sql`(select min(client_id) from ${sessions} where client_id is not null and ended_at is null and ${more})`;
// Steps through clients with open sessions: revoked clients are unbounded.
const ofRevoked = endSome(
  sql`id in (with recursive waiting (id) as (
      select ${nextOpenClient(sql`true`)} union all select ${nextOpenClient(sql`client_id > waiting.id`)} from waiting where waiting.id is not null
    )
    select session.id from waiting join ${apiClients} as client on client.id = waiting.id and client.revoked_at > 0
    join ${sessions} as session on session.client_id = client.id and session.ended_at is null
    limit ${arg('limit')})`,
);

export async function endSessionsOfDisabled(
  db: Db,
  now: number,
): Promise<{ readonly ofDisabled: number; readonly ofRevoked: number }> {
  const given = { by: 'system', from: null, requestId: '', ...NO_ORIGIN, now, limit: SIGNED_OUT_CHUNK };
  const [disabled, revoked] = await db.batch([
    ofDisabled.prepare(db, { ...given, reason: 'account-disabled' }),
    ofRevoked.prepare(db, { ...given, reason: 'client-revoked' }),
  ]);
  return { ofDisabled: ofDisabled.read(disabled).length, ofRevoked: ofRevoked.read(revoked).length };
}
