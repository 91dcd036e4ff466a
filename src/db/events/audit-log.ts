import { type SQL, sql } from 'drizzle-orm';
import { AUDIT_FILTERS, type AuditEntry, type AuditQuery } from '../../model/events/audit.ts';
import { invalid, refuse } from '../../model/failure.ts';
import { idPrefixAt } from '../../model/id-prefix.ts';
import { ID_SPREAD_MS, LIST_EXAMINED_ROWS, LIST_SORTED_ROWS } from '../../model/limits/index.ts';
import { statesFromColumns } from '../commit/event-states.ts';
import { events } from '../schema/index.ts';
import { type CallerSql, type CallerStatement, callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { columnsOf, record, type Selected } from '../sql/selection.ts';
import { arg, literal } from '../sql/statement.ts';
import {
  type EventPage,
  type EventSelection,
  firstSeqFrom,
  type IndexScan,
  readEventPage,
  readEvents,
  selectEventPage,
  selectLastExamined,
} from './event-page.ts';
import { EVENT_FIELDS } from './events.ts';

const columns = columnsOf(events, 'event', [...EVENT_FIELDS, 'address', 'userAgent', 'hash']);

const toEntry = (entry: NonNullable<Selected<typeof columns>>): AuditEntry => ({
  ...entry,
  ...statesFromColumns(entry),
});

// Callers have a `subject`, too.
const filterArgument = (name: string) => `${name}Asked`;
const equals = (name: (typeof AUDIT_FILTERS)[number]) =>
  name === 'actor' ? byActor : sql`${sql.raw(`event.${name}`)} = ${arg(filterArgument(name))}`;

// The indexes have the same expression.
const byActor = sql`substr(event.actor, 1, instr(event.actor || ' via ', ' via ') - 1)
    = substr(${arg('actorAsked')}, 1, instr(${arg('actorAsked')} || ' via ', ' via ') - 1)
  and instr(event.actor, ${arg('actorAsked')}) = 1`;

const IN_TENANT = sql`event.reseller_id = ${arg('within')}`;
const byTenant = { by: sql`indexed by events_by_reseller`, conditions: [IN_TENANT] };

/**
 * SQLite has no row counts, so the index is named. That of subjects covers all tenants: if it has many rows, the
 * tenant's own are scanned instead.
 */
function scansFor(query: AuditQuery, within: boolean): { readonly scans: readonly IndexScan[]; readonly with?: SQL } {
  const leading = AUDIT_FILTERS.find((name) => query[name] !== null);
  if (leading === undefined) return { scans: [within ? byTenant : { by: sql`not indexed`, conditions: [] }] };
  if (leading !== 'subject') {
    const by = sql.raw(`indexed by events_${within ? 'of' : 'by'}_${leading}`);
    return { scans: [{ by, conditions: [equals(leading), ...(within ? [IN_TENANT] : [])] }] };
  }
  const bySubject = { by: sql`indexed by events_by_subject`, conditions: [equals('subject')] };
  if (!within) return { scans: [bySubject] };
  const most = (more: number) => literal(LIST_SORTED_ROWS + more);
  return {
    with: sql`, few (holds) as materialized (select count(*) <= ${most(0)} from
      (select 1 from ${events} as event ${bySubject.by} where ${equals('subject')} limit ${most(1)}))`,
    scans: [
      { ...bySubject, when: sql`(select holds from few)` },
      { ...byTenant, when: sql`not (select holds from few)` },
    ],
  };
}

function selectionOf(query: AuditQuery, within: boolean, until: boolean, callerSql: CallerSql): EventSelection {
  const { fromMs, toMs, after, descending, resellerId } = query;
  const among = [callerSql.reaches(sql`event.reseller_id`)];
  if (resellerId !== null) among.push(sql`event.reseller_id = ${arg('resellerId')}`);
  for (const name of AUDIT_FILTERS) if (query[name] !== null) among.push(equals(name));
  if (fromMs !== null) among.push(sql`event.occurred_at >= ${arg('fromMs')}`);
  if (toMs !== null) among.push(sql`event.occurred_at < ${arg('toMs')}`);
  const from = fromMs === null ? [] : [firstSeqFrom('fromId')];
  const to = toMs === null ? [] : [firstSeqFrom('toId')];
  return { ...scansFor(query, within), among, from, to, after: after !== null, until, descending };
}

const compiled = new Map<string, { readonly page: CallerStatement; readonly end: CallerStatement }>();

function statementsFor(query: AuditQuery, within: boolean, until: boolean) {
  const { limit: _, descending, ...rest } = query;
  const used = Object.entries(rest).map(([name, value]) => [name, value !== null]);
  const shape = JSON.stringify([within, until, descending, used]);
  const selection = (callerSql: CallerSql) => selectionOf(query, within, until, callerSql);
  const statements = compiled.get(shape) ?? {
    page: callerStatement((callerSql) => selectEventPage(selection(callerSql), callerSql, columns)),
    end: callerStatement((callerSql) => selectLastExamined(selection(callerSql), callerSql)),
  };
  compiled.set(shape, statements);
  return statements;
}

function prepareAudit(caller: CallerContext, query: AuditQuery, until: string | null, examined: number) {
  const { fromMs, toMs, limit } = query;
  const bounds = { fromId: idPrefixAt((fromMs ?? 0) - ID_SPREAD_MS), toId: idPrefixAt((toMs ?? 0) + ID_SPREAD_MS) };
  const within = caller.actor.reseller ?? query.resellerId;
  const filterValues = Object.fromEntries(AUDIT_FILTERS.map((name) => [filterArgument(name), query[name]]));
  const values = { ...query, ...filterValues, ...bounds, within, until, examined, rows: limit + 1 };
  const { page, end } = statementsFor(query, within !== null, until !== null);
  return { page: () => page(caller, values), end: () => end(caller, values) };
}

export type AuditPage = EventPage<AuditEntry>;

/** In commit order, up to the entry `until`. Refuses an `after` that is expired or out of reach. */
export async function listAudit(
  caller: CallerContext,
  query: AuditQuery,
  until: string | null = null,
): Promise<AuditPage> {
  const rows = await readEvents(caller, prepareAudit(caller, query, until, LIST_EXAMINED_ROWS).page(), columns);
  const [first] = rows;
  refuseUnlessKept(query, first);
  return readEventPage(rows, query.limit, toEntry);
}

/** Null if fewer than `examined` rows follow. */
export async function findAuditEnd(caller: CallerContext, query: AuditQuery, examined: number): Promise<string | null> {
  const [found] = await readEvents(caller, prepareAudit(caller, query, null, examined).end(), record({}));
  refuseUnlessKept(query, found);
  return found.end;
}

function refuseUnlessKept({ after }: AuditQuery, { cursor }: { readonly cursor: string | null }): void {
  if (after === null || cursor !== null) return;
  refuse(invalid('query', 'after', 'Not an entry that is kept; it comes from the Link header of a page.'));
}
