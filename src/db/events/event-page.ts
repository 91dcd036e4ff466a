import { type SQL, sql } from 'drizzle-orm';
import { mapOrSkip } from '../../model/map-or-skip.ts';
import { events } from '../schema/index.ts';
import type { CallerSql } from '../sql/caller.ts';
import type { RawRow } from '../sql/columns.ts';
import { allOf } from '../sql/list-conditions.ts';
import { arg } from '../sql/statement.ts';

/** A walk along `seq` by one index (`by`), over the rows that meet its conditions, all of which that index knows. */
export type Walk = { readonly by: SQL; readonly conditions: readonly SQL[]; readonly when?: SQL };

/** Which events, in which order. `among`: what is looked for in the rows of the walks, of which one has its `when` met. */
export type EventSelection = {
  readonly walks: readonly Walk[];
  readonly among: readonly SQL[];
  /** The first and the last `seq` that there may be. */
  readonly from: readonly SQL[];
  readonly to: readonly SQL[];
  readonly after: boolean;
  readonly until: boolean;
  readonly descending: boolean;
  /** Further tables for a `with`. */
  readonly with?: SQL | undefined;
};

/** The first row whose id, which begins with its time, is not before this one: about where that time is in the log. */
export const rowAt = (id: string) => sql`ifnull((select first.seq from ${events} as first where first.id >= ${arg(id)}
  order by first.id limit 1), ${Number.MAX_SAFE_INTEGER})`;

/** `next`: the id of the row that the next page comes after; null on the last one. */
export type EventPage<T> = { readonly rows: readonly T[]; readonly next: string | null };

/** The page in what `selectEvents` found for one row more than `limit`. Rows that `read` cannot read are left out. */
export function pageOfEvents<T>(
  found: readonly RawRow[],
  limit: number,
  read: (row: RawRow) => T | null,
): EventPage<T> {
  const rows = found.filter((row) => row[3] !== null);
  const page = rows.slice(0, limit);
  const end = rows.length > limit ? page.at(-1)?.[3] : found.at(-1)?.[2];
  return { rows: mapOrSkip(page, read), next: typeof end === 'string' ? end : null };
}

/** Computed once, where a column of the caller would be for every row. */
const permitted = sql`(select permitted from caller)`;

/**
 * A page of events: `caller.permitted`, the id of the cursor, a null, and the columns, `id` first. It looks at the next
 * `examined` rows. Where it is not full a last row follows, without an event: instead of the null it has the id of the last
 * row looked at, unless the log ended before.
 */
export function selectEvents(selection: EventSelection, callerSql: CallerSql, columns: SQL): SQL {
  const { walks, among } = selection;
  const pages = walks.map(
    (walk) => sql`select * from (select ${permitted}, event.cursor_id, null, ${columns}
      from (select cursor.id as cursor_id, event.*
        ${walkOf(selection, callerSql, walk)} limit ${arg('examined')}) as event
      where ${allOf([sql`event.id is not null`, ...among])} limit ${arg('rows')})`,
  );
  return sql`with caller as not materialized ${callerSql.rows} ${selection.with}
    ${sql.join(pages, sql` union all `)}
    union all select * from (select caller.permitted, cursor.id, ${endOf(selection, callerSql)}, ${columns} from caller ${cursor(callerSql)}
      left join ${events} as event on event.seq = null)
    limit ${arg('rows')}`;
}

/** `caller.permitted`, the id of the cursor, and that of the last of the next `examined` rows, or null if there are fewer. */
export function selectEnd(selection: EventSelection, callerSql: CallerSql): SQL {
  return sql`with caller as not materialized ${callerSql.rows} ${selection.with}
    select caller.permitted, cursor.id, ${endOf(selection, callerSql)} from caller ${cursor(callerSql)}`;
}

function endOf(selection: EventSelection, callerSql: CallerSql): SQL {
  const ends = selection.walks.map(
    (walk) => sql`(select event.id ${walkOf(selection, callerSql, walk)} limit 1 offset ${arg('examined')} - 1)`,
  );
  return ends.length === 1 ? sql`${ends[0]}` : sql`coalesce(${sql.join(ends, sql`, `)})`;
}

// One bound on either side: the rows that a second one kept out would be read.
function walkOf(selection: EventSelection, callerSql: CallerSql, { by, conditions, when }: Walk): SQL {
  const { after, until, descending } = selection;
  const [from, to] = [[...selection.from], [...selection.to]];
  if (after) (descending ? to : from).push(descending ? sql`cursor.seq - 1` : sql`cursor.seq + 1`);
  if (until)
    (descending ? from : to).push(sql`(select last.seq from ${events} as last where last.id = ${arg('until')})`);
  const bounds = [
    ...(from.length > 0 ? [sql`event.seq >= ${outermost(sql`max`, from)}`] : []),
    ...(to.length > 0 ? [sql`event.seq <= ${outermost(sql`min`, to)}`] : []),
  ];
  return sql`from caller ${cursor(callerSql)} left join ${events} as event ${by} on ${allOf([...conditions, ...bounds])}
    where ${when ?? sql`true`} order by event.seq ${descending ? sql`desc` : sql`asc`}`;
}

/** With one value `max` and `min` would be aggregates. */
const outermost = (pick: SQL, values: readonly SQL[]) =>
  values.length === 1 ? sql`${values[0]}` : sql`${pick}(${sql.join([...values], sql`, `)})`;

const cursor = (callerSql: CallerSql) =>
  sql`left join ${events} as cursor on cursor.id = ${arg('after')} and ${callerSql.reaches(sql`cursor.reseller_id`)}`;
