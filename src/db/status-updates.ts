import { sql } from 'drizzle-orm';
import { absent, refuse } from '../model/failure.ts';
import type { StatusProgress, StatusUpdate } from '../model/status-update.ts';
import type { Call } from './call.ts';
import { askedReseller, callerStatement, read, type Who } from './caller.ts';
import { columnsOf, type RawRow } from './columns.ts';
import { lister } from './listing.ts';
import { orderedBy } from './named.ts';
import { resellerFound } from './organizations.ts';
import { statusUpdateProgress, statusUpdates } from './schema.ts';
import { arg, insertSelect, statement } from './statement.ts';

const names = ['id', 'resellerId', 'title', 'body', 'severity', 'createdAt'] as const;
const columns = columnsOf(statusUpdates, 'published', names);
const progress = columnsOf(statusUpdateProgress, 'progress', [
  'statusUpdateId',
  'expandingAt',
  'pending',
  'sent',
  'failed',
]);

/** A status update and how far it has come. */
export type FollowedUpdate = StatusUpdate & StatusProgress;

const selected = sql`reseller.id, ${columns.selected}, ${progress.selected}`;
const joined = (who: Who, conditions = sql`true`) => sql`from ${who.table}
  left join ${askedReseller(who)}
  left join ${statusUpdates} as published on published.reseller_id = reseller.id and ${conditions}
  left join ${statusUpdateProgress} as progress on progress.status_update_id = published.id`;

/** The update in a row that selects `selected` from this place on. */
function readFollowed(row: RawRow, from: number): FollowedUpdate | null {
  const update = columns.read(row, from + 1);
  const far = progress.read(row, from + 1 + columns.width);
  return update && far && { ...update, ...far };
}

const one = callerStatement(
  (who) => sql`select caller.permitted, ${selected} ${joined(who, sql`published.id = ${arg('id')}`)}`,
);

/** The update, or the refusal `not_found` of the reseller or itself. */
export async function findStatusUpdate(call: Call, resellerId: string, id: string): Promise<FollowedUpdate> {
  const [row] = await read(call, one(call, { resellerId, id }));
  resellerFound(row, 1);
  return (row && readFollowed(row, 1)) ?? refuse(absent('status_update'));
}

const listed = lister(
  {
    ...orderedBy('published', sql`published.created_at`),
    selected,
    from: joined,
  },
  readFollowed,
  resellerFound,
);
export const listStatusUpdates = (call: Call, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(call, list, { resellerId });

const insert = callerStatement((who) =>
  insertSelect(
    statusUpdates,
    [...names, 'actor'],
    sql`from ${who.table} join ${askedReseller(who)}
      where caller.permitted and ${who.within(sql`null`)}`,
  ),
);
export const insertStatusUpdate = (call: Call, update: StatusUpdate) =>
  insert(call, { ...update, actor: call.actor.name });

const begin = statement(
  () => sql`insert into ${statusUpdateProgress} (status_update_id, expanding_at)
    select ${arg('id')}, ${arg('createdAt')} where changes() > 0`,
);
/** Leaves its mails to be written, to stand behind the insert. */
export const beginExpansion = (call: Call, { id, createdAt }: StatusUpdate) => begin(call.session, { id, createdAt });
