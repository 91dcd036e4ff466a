import { type SQL, sql } from 'drizzle-orm';
import { mapOrSkip } from '../../model/map-or-skip.ts';
import { events } from '../schema/index.ts';
import { type CallerSql, requirePermitted } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { allOf } from '../sql/list-conditions.ts';
import { readRaw, record, type Selection, selected, value } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';

/** A scan along `seq` by the index `by`. */
export type IndexScan = { readonly by: SQL; readonly conditions: readonly SQL[]; readonly when?: SQL };

/** `among` filters the scanned rows. Exactly one scan has its `when` met. */
export type EventSelection = {
  readonly scans: readonly IndexScan[];
  readonly among: readonly SQL[];
  readonly from: readonly SQL[];
  readonly to: readonly SQL[];
  readonly after: boolean;
  readonly until: boolean;
  readonly descending: boolean;
  readonly with?: SQL | undefined;
};

/** Ids begin with their time: about where that time is in the log. */
export const firstSeqFrom = (
  id: string,
) => sql`ifnull((select first.seq from ${events} as first where first.id >= ${arg(id)}
  order by first.id limit 1), ${Number.MAX_SAFE_INTEGER})`;

/** `next`: null on the last page. Pages examine a limited number of rows, so any may be short. */
export type EventPage<T> = { readonly rows: readonly T[]; readonly next: string | null };

const NULL = sql`null`;
const pageRow = <E>(at: { readonly permitted: SQL; readonly cursor: SQL; readonly end: SQL }, event: Selection<E>) =>
  record({
    permitted: value<number | null>(at.permitted),
    /** Null if the event `after` has expired. */
    cursor: value<string | null>(at.cursor),
    /** The last row examined, if the page is not full. */
    end: value<string | null>(at.end),
    event,
  });

export async function readEvents<E>(caller: CallerContext, prepared: D1PreparedStatement, event: Selection<E>) {
  const row = pageRow({ permitted: NULL, cursor: NULL, end: NULL }, event);
  return requirePermitted(caller, await readRaw(row, prepared));
}

/** `found` may have one row more than `limit`. */
export function readEventPage<E extends { readonly id: string }, T>(
  found: readonly { readonly end: string | null; readonly event: E | null }[],
  limit: number,
  read: (event: E) => T | null,
): EventPage<T> {
  const events = found.flatMap(({ event }) => event ?? []);
  const page = events.slice(0, limit);
  const end = events.length > limit ? page.at(-1)?.id : found.at(-1)?.end;
  return { rows: mapOrSkip(page, read), next: end ?? null };
}

// A subquery is computed once, a caller's column for every row.
const permitted = sql`(select permitted from caller)`;

/** A page that is not full ends with a row without an event, for `end`. */
export function selectEventPage(selection: EventSelection, callerSql: CallerSql, event: Selection<unknown>): SQL {
  const { scans, among } = selection;
  const row = pageRow({ permitted, cursor: sql`event.cursor_id`, end: NULL }, event);
  const last = pageRow(
    { permitted: sql`caller.permitted`, cursor: sql`cursor.id`, end: endOf(selection, callerSql) },
    event,
  );
  const pages = scans.map(
    (scan) => sql`select * from (select ${selected(row)}
      from (select cursor.id as cursor_id, event.*
        ${scanSql(selection, callerSql, scan)} limit ${arg('examined')}) as event
      where ${allOf([sql`event.id is not null`, ...among])} limit ${arg('rows')})`,
  );
  return sql`with caller as not materialized ${callerSql.rows} ${selection.with}
    ${sql.join(pages, sql` union all `)}
    union all select * from (select ${selected(last)} from caller ${cursor(callerSql)}
      left join ${events} as event on event.seq = null)
    limit ${arg('rows')}`;
}

export function selectLastExamined(selection: EventSelection, callerSql: CallerSql): SQL {
  const row = pageRow(
    { permitted: sql`caller.permitted`, cursor: sql`cursor.id`, end: endOf(selection, callerSql) },
    record({}),
  );
  return sql`with caller as not materialized ${callerSql.rows} ${selection.with}
    select ${selected(row)} from caller ${cursor(callerSql)}`;
}

function endOf(selection: EventSelection, callerSql: CallerSql): SQL {
  const ends = selection.scans.map(
    (scan) => sql`(select event.id ${scanSql(selection, callerSql, scan)} limit 1 offset ${arg('examined')} - 1)`,
  );
  return ofSeveral(sql`coalesce`, ends);
}

// One bound per side: SQLite would read the rows that a second one excludes.
function scanSql(selection: EventSelection, callerSql: CallerSql, { by, conditions, when }: IndexScan): SQL {
  const { after, until, descending } = selection;
  const [from, to] = [[...selection.from], [...selection.to]];
  if (after) (descending ? to : from).push(descending ? sql`cursor.seq - 1` : sql`cursor.seq + 1`);
  if (until)
    (descending ? from : to).push(sql`(select last.seq from ${events} as last where last.id = ${arg('until')})`);
  const bounds = [
    ...(from.length > 0 ? [sql`event.seq >= ${ofSeveral(sql`max`, from)}`] : []),
    ...(to.length > 0 ? [sql`event.seq <= ${ofSeveral(sql`min`, to)}`] : []),
  ];
  return sql`from caller ${cursor(callerSql)} left join ${events} as event ${by} on ${allOf([...conditions, ...bounds])}
    where ${when ?? sql`true`} order by event.seq ${descending ? sql`desc` : sql`asc`}`;
}

/** With one argument `max` and `min` are aggregates, and `coalesce` needs two. */
const ofSeveral = (pick: SQL, values: readonly SQL[]): SQL => {
  const list = sql.join([...values], sql`, `);
  return values.length === 1 ? list : sql`${pick}(${list})`;
};

const cursor = (callerSql: CallerSql) =>
  sql`left join ${events} as cursor on cursor.id = ${arg('after')} and ${callerSql.reaches(sql`cursor.reseller_id`)}`;
