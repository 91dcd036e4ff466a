import { type SQL, sql } from 'drizzle-orm';
import * as v from 'valibot';
import { Event, type EventRecord } from '../model/event.ts';
import { invalid, refuse } from '../model/failure.ts';
import { EVENTS_KEPT_MS } from '../model/limits.ts';
import type { Call } from './call.ts';
import { callerStatement, read } from './caller.ts';
import { columnsOf, type RawRow } from './columns.ts';
import { events } from './schema.ts';
import { arg } from './statement.ts';
import { statesFromColumns } from './states.ts';

/** What an event says, wherever it is read. */
export const EVENT_FIELDS = [
  'id',
  'resellerId',
  'type',
  'actor',
  'subject',
  'before',
  'after',
  'requestId',
  'occurredAt',
] as const;

/** An event's columns, where a query names the table `event`. */
export const eventColumns = columnsOf(events, 'event', EVENT_FIELDS);

/** The event in a row that selects `eventColumns` from this place on. */
export function readEvent(row: RawRow, from: number): EventRecord | null {
  const record = eventColumns.read(row, from);
  if (record === null) return null;
  const { type, before, after, ...rest } = record;
  return { ...rest, ...v.parse(Event, { type, ...statesFromColumns({ before, after }) }) };
}

const feed = (beyond: SQL) =>
  callerStatement(
    (who) => sql`select caller.permitted, cursor.id, ${eventColumns.selected}
      from ${who.table}
      left join ${events} as cursor on cursor.id = ${arg('after')}
        and ${who.reaches(sql`cursor.reseller_id`)} and cursor.audit_only = 0
      left join ${events} as event on ${who.reaches(sql`event.reseller_id`)} and event.audit_only = 0 ${beyond}
        and event.occurred_at >= ${arg('oldest')}
      order by event.seq limit ${arg('limit')}`,
  );
const fromOldest = feed(sql`and event.seq > 0`);
const beyondCursor = feed(sql`and event.seq > cursor.seq`);

export type Feed = { readonly rows: readonly EventRecord[]; readonly more: boolean };

/**
 * Events in the order of their commit, after the event `after` (null: from the oldest kept). Refuses an `after` that
 * is not a kept event within the caller's reach, because a reader could miss what came between.
 */
export async function listEvents(call: Call, after: string | null, limit: number): Promise<Feed> {
  const values = { after, oldest: call.now - EVENTS_KEPT_MS, limit: limit + 1 };
  const rows = await read(call, (after === null ? fromOldest : beyondCursor)(call, values));
  if (after !== null && rows[0]?.[1] === null) {
    refuse(invalid('query', 'after', 'Not an event that is kept; leave it out to start from the oldest.'));
  }
  const found = rows.flatMap((row) => readEvent(row, 2) ?? []);
  return { rows: found.slice(0, limit), more: found.length > limit };
}
