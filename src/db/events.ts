import { type SQL, sql } from 'drizzle-orm';
import * as v from 'valibot';
import { Event, type EventRecord } from '../model/event.ts';
import { invalid, refuse } from '../model/failure.ts';
import { EVENTS_KEPT_MS } from '../model/limits.ts';
import type { Call } from './call.ts';
import { callerStatement, read } from './caller.ts';
import { columnsOf } from './columns.ts';
import { events } from './schema.ts';
import { arg } from './statement.ts';

/** An event's columns, where a query names the table `event`. */
export const eventColumns = columnsOf(events, 'event', [
  'id',
  'resellerId',
  'type',
  'actor',
  'subject',
  'before',
  'after',
  'requestId',
  'occurredAt',
]);

/** The event in a row that selects `eventColumns`. */
export function readEvent(row: Readonly<Record<string, unknown>>): EventRecord | null {
  const record = eventColumns.read(row);
  if (record === null) return null;
  const { type, before, after, ...rest } = record;
  return {
    ...rest,
    ...v.parse(Event, { type, before: before && JSON.parse(before), after: after && JSON.parse(after) }),
  };
}

const since = sql`event.occurred_at >= ${arg('oldest')}`;
const from = (caller: SQL, reach: SQL, beyond: SQL) => sql`
  from ${caller}
  left join ${events} as cursor on cursor.id = ${arg('after')} and cursor.occurred_at >= ${arg('oldest')}
    and (${arg('tenant')} is null or cursor.reseller_id = ${arg('tenant')})
  left join ${events} as event on ${reach} ${beyond} and ${since}
  order by event.seq limit ${arg('limit')}`;

const feed = (reach: SQL, beyond: SQL) =>
  callerStatement(
    (caller) =>
      sql`select caller.permitted, cursor.id as cursor_id, ${eventColumns.selected} ${from(caller, reach, beyond)}`,
  );
const ofTenant = sql`event.reseller_id = ${arg('tenant')}`;
const beyondCursor = sql`and event.seq > cursor.seq`;
// One text for each shape, so that each can walk its own index.
const feeds = {
  operator: { first: feed(sql`true`, sql``), next: feed(sql`true`, beyondCursor) },
  reseller: { first: feed(ofTenant, sql``), next: feed(ofTenant, beyondCursor) },
};

export type Feed = { readonly rows: readonly EventRecord[]; readonly more: boolean };

/**
 * Events in the order of their commit, after the event `after` (null: from the oldest kept). Refuses an `after` that
 * is not a kept event within the caller's reach, because a reader could miss what came between.
 */
export async function listEvents(call: Call, after: string | null, limit: number): Promise<Feed> {
  const reach = call.actor.reseller === null ? feeds.operator : feeds.reseller;
  const values = { after, oldest: call.now - EVENTS_KEPT_MS, limit: limit + 1 };
  const rows = await read(call, (after === null ? reach.first : reach.next)(call, values));
  if (after !== null && rows[0]?.['cursor_id'] === null) {
    refuse(invalid('query', 'after', 'Not an event of the last 30 days; leave it out to start from the oldest.'));
  }
  const found = rows.flatMap((row) => readEvent(row) ?? []);
  return { rows: found.slice(0, limit), more: found.length > limit };
}
