import { sql } from 'drizzle-orm';
import * as v from 'valibot';
import { Event, type EventRecord } from '../../model/events/event.ts';
import { invalid, refuse } from '../../model/failure.ts';
import { idPrefixAt } from '../../model/id-prefix.ts';
import { EVENT_RETENTION_MS, ID_SPREAD_MS, LIST_EXAMINED_ROWS } from '../../model/limits/index.ts';
import { statesFromColumns } from '../commit/event-states.ts';
import { events } from '../schema/index.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { columnsOf, type Selected } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';
import { type EventPage, firstSeqFrom, readEventPage, readEvents, selectEventPage } from './event-page.ts';

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

export const eventColumns = columnsOf(events, 'event', EVENT_FIELDS);

/** Throws on an unknown type. */
export function toEvent({ type, before, after, ...rest }: NonNullable<Selected<typeof eventColumns>>): EventRecord {
  return { ...rest, ...v.parse(Event, { type, ...statesFromColumns({ before, after }) }) };
}

const feed = (after: boolean, within: boolean) =>
  callerStatement((callerSql) => {
    const by = within ? sql`indexed by events_feed` : sql`not indexed`;
    const along = within ? [sql`event.reseller_id = ${arg('tenant')} and event.audit_only = 0`] : [];
    const from = [firstSeqFrom('oldestId')];
    const among = [sql`event.audit_only = 0 and event.occurred_at >= ${arg('oldest')}`];
    const selection = {
      scans: [{ by, conditions: along }],
      among,
      from,
      to: [],
      after,
      until: false,
      descending: false,
    };
    return selectEventPage(selection, callerSql, eventColumns);
  });
const feeds = {
  operator: { fromOldest: feed(false, false), afterCursor: feed(true, false) },
  reseller: { fromOldest: feed(false, true), afterCursor: feed(true, true) },
};

export type EventFeed = EventPage<EventRecord>;

/** In commit order. Refuses an `after` that is expired or out of reach: the reader could miss events. */
export async function listEvents(caller: CallerContext, after: string | null, limit: number): Promise<EventFeed> {
  const oldest = caller.now - EVENT_RETENTION_MS;
  const bounds = { oldest, oldestId: idPrefixAt(oldest - ID_SPREAD_MS), examined: LIST_EXAMINED_ROWS };
  const { fromOldest, afterCursor } = feeds[caller.actor.reseller === null ? 'operator' : 'reseller'];
  const find = after === null ? fromOldest : afterCursor;
  const rows = await readEvents(caller, find(caller, { after, ...bounds, rows: limit + 1 }), eventColumns);
  const [{ cursor }] = rows;
  if (after !== null && cursor === null) {
    refuse(invalid('query', 'after', 'Not an event that is kept; leave it out to start from the oldest.'));
  }
  return readEventPage(rows, limit, toEvent);
}
