import { sql } from 'drizzle-orm';
import {
  SIGN_IN_FAILURE_ROWS_MAX,
  SIGN_IN_FAILURES_CHUNK,
  SIGN_IN_FAILURES_HOUR_MS,
} from '../../model/limits/index.ts';
import { events, signInFailures } from '../schema/index.ts';
import { arg, type Db, insertSelect, statement } from '../sql/statement.ts';

/** Both ids are empty for an unknown user. */
export type SignInFailureRecord = {
  readonly resellerId: string;
  readonly userId: string;
  readonly network: string;
  readonly reason: string;
  readonly method: string;
  readonly now: number;
};

const key = sql.raw('hour, reseller_id, user_id, reason, method, network');
const ofReseller = sql`from ${signInFailures} where hour = ${arg('hour')} and reseller_id = ${arg('resellerId')}`;
const count = statement(
  () => sql`insert into ${signInFailures} (${key}, count, first_at, last_at)
    select ${arg('hour')}, ${arg('resellerId')}, iif(alone, ${arg('userId')}, ''), ${arg('reason')}, ${arg('method')},
      iif(alone, ${arg('network')}, ''), 1, ${arg('now')}, ${arg('now')}
    from (select (select count(*) ${ofReseller}) < ${SIGN_IN_FAILURE_ROWS_MAX}
      or exists (select 1 ${ofReseller} and user_id = ${arg('userId')} and reason = ${arg('reason')}
        and method = ${arg('method')} and network = ${arg('network')}) as alone) where true
    on conflict do update set count = count + 1, first_at = min(first_at, excluded.first_at),
      last_at = max(last_at, excluded.last_at)`,
);

/** Above the reseller's row limit, counts in one shared row. */
export function countFailure(db: Db, failure: SignInFailureRecord): D1PreparedStatement {
  const hour = Math.floor(failure.now / SIGN_IN_FAILURES_HOUR_MS) * SIGN_IN_FAILURES_HOUR_MS;
  return count(db, { ...failure, hour });
}

const isBefore = sql`hour < ${arg('before')}`;
const isUnknown = sql`reseller_id = '' and user_id = ''`;
// One hour at a time bounds the rows.
const unknown = sql`from ${signInFailures} where ${isUnknown}
  and hour = (select hour from ${signInFailures} where ${isBefore} and ${isUnknown} order by hour limit 1)`;
const known = sql`from ${signInFailures} where ${isBefore} and not (${isUnknown}) order by ${key} limit ${arg('rows')}`;

/** Null details are omitted. */
const insertAuditEntries = (failed: typeof unknown) =>
  insertSelect(events, ['type', 'requestId', 'occurredAt', 'auditOnly'], sql`from (${failed})`, {
    id: sql`${arg('ids')} ->> (row_number() over () - 1)`,
    resellerId: sql`nullif(reseller_id, '')`,
    actor: sql`iif(user_id = '', 'anonymous', 'user:' || user_id)`,
    subject: sql`user_id`,
    after: sql`json_patch('{}', json_object('reason', reason, 'method', nullif(method, ''), 'count', count,
      'networks', networks, 'firstAt', first_at, 'lastAt', last_at))`,
    address: sql`network`,
  });
const auditUnknown = statement(() =>
  insertAuditEntries(sql`select '' as reseller_id, '' as user_id, reason, method, '' as network, sum(count) as count,
    count(*) as networks, min(first_at) as first_at, max(last_at) as last_at ${unknown} group by reason, method`),
);
const auditKnown = statement(() => insertAuditEntries(sql`select *, null as networks ${known}`));
const dropUnknown = statement(() => sql`delete from ${signInFailures} where (${key}) in (select ${key} ${unknown})`);
const dropKnown = statement(() => sql`delete from ${signInFailures} where (${key}) in (select ${key} ${known})`);

/** Moves failures to the audit log, each once. Unknown users share an entry for each hour and reason, without networks. */
export async function auditFailures(
  db: Db,
  { now, before, newId }: { readonly now: number; readonly before: number; readonly newId: () => string },
): Promise<{ readonly entries: number; readonly more: boolean }> {
  const rows = SIGN_IN_FAILURES_CHUNK;
  const entry = { type: 'account.login-failed', requestId: '', occurredAt: now, auditOnly: true };
  const values = () => ({ ...entry, before, rows, ids: JSON.stringify(Array.from({ length: rows }, newId)) });
  const [unknownEntries, droppedUnknown, knownEntries, droppedKnown] = (
    await db.batch([
      auditUnknown(db, values()),
      dropUnknown(db, { before }),
      auditKnown(db, values()),
      dropKnown(db, { before, rows }),
    ])
  ).map(({ meta }) => meta.changes);
  const entries = (unknownEntries ?? 0) + (knownEntries ?? 0);
  return { entries, more: (droppedUnknown ?? 0) > 0 || droppedKnown === rows };
}
