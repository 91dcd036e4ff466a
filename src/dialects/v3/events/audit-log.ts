import * as v from 'valibot';
import { type AuditPage, exportAudit, listAudit } from '../../../domain/events/events.ts';
import { csvStream } from '../../../http/csv.ts';
import { nextLinkAfterId } from '../../../http/paging.ts';
import { route } from '../../../http/routes/route.ts';
import { textRoute } from '../../../http/routes/text-route.ts';
import type { AuditEntry as Entry } from '../../../model/events/audit.ts';
import { EXPORT_ROWS } from '../../../model/limits/index.ts';
import { time } from '../present.ts';
import { id, time as Time } from '../schemas.ts';
import { exportQuery, pageQuery } from './audit-query.ts';

const State = v.nullable(v.record(v.string(), v.unknown()));

export const AuditEntry = v.object({
  id,
  occurredAt: Time,
  type: v.pipe(v.string(), v.description('An event of the feed, or what only this log knows of.')),
  actor: v.pipe(
    v.string(),
    v.description(
      'Who: `client:`, `user:`, `reseller:` or `system:` with an id or a name, `user:<id> via client:<id>` for an application in a user’s name, `system`, `anonymous` or `<issuer>#<sub>`.',
    ),
  ),
  subject: v.pipe(
    v.string(),
    v.description('On whom: the id of what was changed; empty where nobody knows who it was.'),
  ),
  resellerId: v.nullable(id),
  requestId: v.string(),
  address: v.pipe(v.string(), v.description('From where; empty where no request asked for it.')),
  userAgent: v.string(),
  before: State,
  after: State,
  hash: v.pipe(
    v.nullable(v.string()),
    v.description("The row's seal in the log's chain; null until the next minute's."),
  ),
});

/** Formats times at any depth. */
function shown(state: object | null): v.InferInput<typeof State> {
  return JSON.parse(JSON.stringify(state), (name, value) =>
    /At$/.test(name) && typeof value === 'number' ? time(value) : value,
  );
}

const toEntry = (entry: Entry): v.InferInput<typeof AuditEntry> => ({
  ...entry,
  occurredAt: time(entry.occurredAt),
  before: shown(entry.before),
  after: shown(entry.after),
});

const columns = Object.keys(AuditEntry.entries) as (keyof typeof AuditEntry.entries)[];

function toCells(entry: Entry): (string | null)[] {
  const row = toEntry(entry);
  return columns.map((name) => {
    const value = row[name];
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });
}

const tag = 'Audit log';
const scope = 'audit:read';

export const auditLog = [
  route(
    {
      method: 'GET',
      path: '/audit-log',
      scope,
      id: 'listAuditLog',
      tag,
      summary: 'Read who did what, on whom and from where, in order, a year back',
      query: pageQuery,
      returns: [200, v.array(AuditEntry)],
      present: (page: AuditPage) => page.rows.map(toEntry),
      headers: nextLinkAfterId,
    },
    (caller, { query }) => listAudit(caller, query),
  ),
  textRoute(
    {
      path: '/audit-log.csv',
      scope,
      id: 'exportAuditLog',
      tag,
      summary: `The same as CSV (RFC 4180), as it is read: the next ${EXPORT_ROWS} rows that are looked at; follow Link for more`,
      query: exportQuery,
      cost: 'heavy',
      mediaType: 'text/csv; charset=utf-8; header=present',
      headers: { 'Content-Disposition': 'attachment; filename="audit-log.csv"' },
    },
    async (caller, { query }, url) => {
      const found = await exportAudit(caller, query);
      return {
        text: await csvStream(columns, found.chunks, toCells, caller.requestId),
        headers: nextLinkAfterId(found, url),
      };
    },
  ),
];
