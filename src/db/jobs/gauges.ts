import { type SQL, sql } from 'drizzle-orm';
import { OLDEST_DELIVERY_ENDPOINTS, OUTBOX_COUNTED_MAX } from '../../model/limits/index.ts';
import {
  emails,
  events,
  gauges,
  organizations,
  statusUpdateProgress,
  storageAccounts,
  webhookDeliveries,
  webhookEndpoints,
  webhookRecoveries,
} from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, literal, statement } from '../sql/statement.ts';

const unrelayedEvents = sql`(select seq from ${events} where relay_at is not null order by relay_at limit ${OUTBOX_COUNTED_MAX})`;

// Skip scan: one step per endpoint.
const pending = sql`from ${webhookDeliveries} where state = 'pending'`;
const plannedFirst = (resumedAt: SQL) =>
  sql`(select min(next_attempt_at) ${pending} and endpoint_id = waiting.id and resumed_at = ${resumedAt} and next_attempt_at > 0)`;
const never = literal(Number.MAX_SAFE_INTEGER);
const oldestDelivery = sql`(with recursive waiting (id) as (
    select min(endpoint_id) ${pending}
    union all
    select (select min(endpoint_id) ${pending} and endpoint_id > waiting.id) from waiting where waiting.id is not null
    limit ${OLDEST_DELIVERY_ENDPOINTS}
  ) select min(min(ifnull(${plannedFirst(sql`0`)}, ${never}),
      iif(endpoint.enabled, ifnull(${plannedFirst(sql`endpoint.resumed_at`)}, ${never}), ${never}),
      iif(endpoint.enabled and exists (select 1 ${pending} and endpoint_id = waiting.id
        and resumed_at > 0 and resumed_at < endpoint.resumed_at), endpoint.resumed_at, ${never})))
    from waiting join ${webhookEndpoints} as endpoint on endpoint.id = waiting.id and endpoint.deleted_at is null)`;

const WAITING_SINCE: Readonly<Record<string, SQL>> = {
  events: sql`(select occurred_at from ${events} where seq = (select min(seq) from ${unrelayedEvents}))`,
  webhooks: oldestDelivery,
  mails: sql`(select min(next_attempt_at) from ${emails} where state = 'pending' and next_attempt_at > 0)`,
  recoveries: sql`(select min(updated_at) from ${webhookRecoveries} where cursor < upto)`,
  status_updates: sql`(select min(expanding_at) from ${statusUpdateProgress} where expanding_at is not null)`,
  removals: sql`(select min(updated_at) from ${organizations} indexed by organizations_leaving
    where deleted_at is not null and user_count > 0)`,
  storage: sql`(select min(updated_at) from ${storageAccounts} where deleted_at is not null)`,
};

const names = ['outbox', ...Object.keys(WAITING_SINCE)];
const measure = statement(() => {
  const ages = Object.entries(WAITING_SINCE).map(
    ([queue, since]) => sql`(${queue}, max(0, ifnull(${arg('now')} - ${since}, 0)))`,
  );
  return sql`insert into ${gauges} (name, value) values ('outbox', (select count(*) from ${unrelayedEvents})), ${sql.join(ages, sql`, `)}
    on conflict do update set value = excluded.value`;
});

/** Ages in milliseconds; 0 if nothing is due. */
export async function measureGauges(db: Db, now: number): Promise<void> {
  await measure(db, { now }).run();
}

const all = query(() => ({
  select: { name: value<string>(sql`name`), value: value<number>(sql`value`) },
  from: sql`from ${gauges}`,
}));

export const readGauges = (db: Db) => all.prepare(db, {});

export function gaugesIn(result: D1Result | undefined) {
  const values = new Map(all.read(result).map(({ name, value }) => [name, value]));
  const { outbox = 0, ...queueAgesMs } = Object.fromEntries(names.map((name) => [name, values.get(name) ?? 0]));
  return { outboxEvents: outbox, queueAgesMs };
}
