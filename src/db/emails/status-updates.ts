import { type SQL, sql } from 'drizzle-orm';
import type { StatusProgress, StatusUpdate } from '../../model/emails/status-update.ts';
import { absent, refuse } from '../../model/failure.ts';
import { STATUS_UPDATES_MAX, STATUS_UPDATES_WINDOW_MS } from '../../model/limits/index.ts';
import { afterChange } from '../commit/chain.ts';
import { RESELLER_ID, requireResellerRow } from '../resellers/organizations.ts';
import { statusUpdateProgress, statusUpdates } from '../schema/index.ts';
import { type CallerSql, callerStatement, requestedReseller } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { lister } from '../sql/listing.ts';
import { orderedBy } from '../sql/named-listing.ts';
import { callerQuery } from '../sql/query.ts';
import { columnsOf, mapped, record, type Selection, value } from '../sql/selection.ts';
import { arg, insertSelect } from '../sql/statement.ts';

const names = ['id', 'resellerId', 'title', 'body', 'severity', 'createdAt'] as const;
const columns = columnsOf(statusUpdates, 'published', names);
const progress = columnsOf(statusUpdateProgress, 'progress', [
  'statusUpdateId',
  'expandingAt',
  'pending',
  'sent',
  'failed',
]);

export type StatusUpdateWithProgress = StatusUpdate & StatusProgress;

const updateWithProgress: Selection<StatusUpdateWithProgress | null> = mapped(
  record({ update: columns, progress }),
  ({ update, progress }) => update && progress && { ...update, ...progress },
);
const progressJoined = sql`left join ${statusUpdateProgress} as progress on progress.status_update_id = published.id`;
const updateOfReseller = (callerSql: CallerSql, conditions: SQL) => sql`from ${callerSql.table}
  left join ${requestedReseller(callerSql)}
  left join ${statusUpdates} as published on published.reseller_id = reseller.id and ${conditions} ${progressJoined}`;

const one = callerQuery((callerSql) => ({
  select: { reseller: RESELLER_ID, update: updateWithProgress },
  from: updateOfReseller(callerSql, sql`published.id = ${arg('id')}`),
}));

/** Refuses `not_found`. */
export async function findStatusUpdate(
  caller: CallerContext,
  resellerId: string,
  id: string,
): Promise<StatusUpdateWithProgress> {
  const [{ reseller, update }] = await one(caller, { resellerId, id });
  requireResellerRow(reseller);
  return update ?? refuse(absent('status_update'));
}

const listed = lister(
  {
    ...orderedBy('published', sql`published.created_at`),
    table: sql`${statusUpdates} as published`,
    owner: requestedReseller,
    rows: () => sql`published.reseller_id = reseller.id`,
    joined: progressJoined,
    selected: updateWithProgress,
  },
  requireResellerRow,
);
export const listStatusUpdates = (caller: CallerContext, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(caller, list, { resellerId });

const recentUpdates = sql`from ${statusUpdates} as other where other.reseller_id = reseller.id and other.created_at > ${arg('since')}`;
const since = (now: number) => now - STATUS_UPDATES_WINDOW_MS;

const insert = callerStatement((callerSql) =>
  insertSelect(
    statusUpdates,
    [...names, 'actor'],
    sql`from ${callerSql.table} join ${requestedReseller(callerSql)}
      where caller.permitted and ${callerSql.confinedTo(sql`null`)} and (select count(*) ${recentUpdates}) < ${STATUS_UPDATES_MAX}`,
  ),
);
/** Writes nothing above the rate limit. */
export const insertStatusUpdate = (caller: CallerContext, update: StatusUpdate) =>
  insert(caller, { ...update, actor: caller.actor.name, since: since(update.createdAt) });

const updatesInWindow = callerQuery((callerSql) => ({
  select: {
    reseller: RESELLER_ID,
    first: value<number | null>(
      sql`(select other.created_at ${recentUpdates} order by other.created_at desc limit 1 offset ${STATUS_UPDATES_MAX - 1})`,
    ),
  },
  from: sql`from ${callerSql.table} left join ${requestedReseller(callerSql)}`,
}));
/** Milliseconds since the epoch; null: at once. Refuses `not_found`. */
export async function nextStatusUpdateAt(caller: CallerContext, resellerId: string): Promise<number | null> {
  const [{ reseller, first }] = await updatesInWindow(caller, { resellerId, since: since(caller.now) });
  requireResellerRow(reseller);
  return first === null ? null : first + STATUS_UPDATES_WINDOW_MS;
}

const insertProgress = afterChange(
  (changed) => sql`insert into ${statusUpdateProgress} (status_update_id, expanding_at)
    select ${arg('id')}, ${arg('createdAt')} where ${changed}`,
);
export const queueStatusMailsAfter = (caller: CallerContext, { id, createdAt }: StatusUpdate) =>
  insertProgress(caller.db, { id, createdAt });
