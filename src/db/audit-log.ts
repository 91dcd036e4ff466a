import { type SQL, sql } from 'drizzle-orm';
import { AUDIT_FILTERS, type AuditEntry, type AuditQuery } from '../model/audit.ts';
import { invalid, refuse } from '../model/failure.ts';
import { idAt } from '../model/id.ts';
import { ID_SPREAD_MS } from '../model/limits.ts';
import type { Call } from './call.ts';
import { type CallerStatement, callerStatement, read, type Who } from './caller.ts';
import { columnsOf, type RawRow } from './columns.ts';
import { EVENT_FIELDS } from './events.ts';
import { events } from './schema.ts';
import { arg } from './statement.ts';
import { statesFromColumns } from './states.ts';

const columns = columnsOf(events, 'event', [...EVENT_FIELDS, 'address', 'userAgent', 'hash']);

const readEntry = (row: RawRow): AuditEntry | null => {
  const entry = columns.read(row, 2);
  return entry && { ...entry, ...statesFromColumns(entry) };
};

/** The first row whose id, which begins with its time, is not before this one: about where that time is in the log. */
const rowAt = (id: string) => sql`ifnull((select first.seq from ${events} as first where first.id >= ${arg(id)}
  order by first.id limit 1), ${Number.MAX_SAFE_INTEGER})`;

/** Callers have a `subject`, too. */
const asked = (name: string) => `${name}Asked`;

/**
 * Which index gives the rows: that of what tells most of subject, actor and type. It is named, since SQLite knows nothing of
 * how many rows there are of each, and takes whichever has the most conditions.
 */
function indexFor(query: AuditQuery, within: boolean): SQL {
  const leading = AUDIT_FILTERS.find((name) => query[name] !== null);
  if (leading === 'subject') return sql`indexed by events_by_subject`;
  if (leading !== undefined) return sql.raw(`indexed by events_${within ? 'of' : 'by'}_${leading}`);
  return within ? sql`indexed by events_by_reseller` : sql`not indexed`;
}

function select(query: AuditQuery, who: Who, within: boolean): SQL {
  const { fromMs, toMs, after, descending } = query;
  const conditions = [who.reaches(sql`event.reseller_id`)];
  if (query.resellerId !== null) conditions.push(sql`event.reseller_id = ${arg('resellerId')}`);
  for (const name of AUDIT_FILTERS)
    if (query[name] !== null) conditions.push(sql`${sql.raw(`event.${name}`)} = ${arg(asked(name))}`);
  if (fromMs !== null) conditions.push(sql`event.occurred_at >= ${arg('fromMs')} and event.seq >= ${rowAt('fromId')}`);
  if (toMs !== null) conditions.push(sql`event.occurred_at < ${arg('toMs')} and event.seq <= ${rowAt('toId')}`);
  if (after !== null) conditions.push(sql`event.seq ${descending ? sql`<` : sql`>`} cursor.seq`);
  return sql`select caller.permitted, cursor.id, ${columns.selected} from ${who.table}
    left join ${events} as cursor on cursor.id = ${arg('after')} and ${who.reaches(sql`cursor.reseller_id`)}
    left join ${events} as event ${indexFor(query, within)} on ${sql.join(conditions, sql` and `)}
    order by event.seq ${descending ? sql`desc` : sql`asc`} limit ${arg('rows')}`;
}

/** By what of a query decides its SQL: there are a few dozen. */
const compiled = new Map<string, CallerStatement>();

function statementFor(query: AuditQuery, within: boolean): CallerStatement {
  const { limit: _, descending, ...rest } = query;
  const given = Object.entries(rest).map(([name, value]) => [name, value !== null]);
  const shape = JSON.stringify([within, descending, given]);
  const made = compiled.get(shape) ?? callerStatement((who) => select(query, who, within));
  compiled.set(shape, made);
  return made;
}

export type AuditPage = { readonly rows: readonly AuditEntry[]; readonly more: boolean };

/**
 * A page of the audit log in the order of commit, or the latest first: the caller's own reseller's, to the operator all.
 * Refuses an `after` that is not a kept entry within the caller's reach.
 */
export async function listAudit(call: Call, query: AuditQuery): Promise<AuditPage> {
  const { fromMs, toMs, limit, after } = query;
  const bounds = { fromId: idAt((fromMs ?? 0) - ID_SPREAD_MS), toId: idAt((toMs ?? 0) + ID_SPREAD_MS) };
  const within = call.actor.reseller !== null || query.resellerId !== null;
  const wanted = Object.fromEntries(AUDIT_FILTERS.map((name) => [asked(name), query[name]]));
  const rows = await read(call, statementFor(query, within)(call, { ...query, ...wanted, ...bounds, rows: limit + 1 }));
  if (after !== null && rows[0]?.[1] === null) {
    refuse(invalid('query', 'after', 'Not an entry that is kept; it comes from the Link header of a page.'));
  }
  const found = rows.flatMap((row) => readEntry(row) ?? []);
  return { rows: found.slice(0, limit), more: found.length > limit };
}
