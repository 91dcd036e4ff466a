import { type AuditPage, findAuditEnd, listAudit } from '../../db/events/audit-log.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { AuditEntry, AuditQuery } from '../../model/events/audit.ts';
import { EXPORT_CHUNK_ROWS, EXPORT_ROWS } from '../../model/limits/index.ts';

export { type AuditPage, listAudit } from '../../db/events/audit-log.ts';
export { type EventFeed, listEvents } from '../../db/events/events.ts';

/** `next`: the last entry examined, if more follow; else null. */
export type AuditExport = { readonly chunks: AsyncGenerator<readonly AuditEntry[]>; readonly next: string | null };

/** Examines the next `EXPORT_ROWS` entries, up to the time of the call. Refuses as `listAudit` does. */
export async function exportAudit(caller: CallerContext, query: AuditQuery): Promise<AuditExport> {
  const bounded = { ...query, toMs: Math.min(query.toMs ?? Number.POSITIVE_INFINITY, caller.now + 1) };
  const next = await findAuditEnd(caller, bounded, EXPORT_ROWS);
  return { next, chunks: chunksOf(caller, { ...bounded, limit: EXPORT_CHUNK_ROWS }, next) };
}

/** Each chunk checks the caller's rights again. */
async function* chunksOf(caller: CallerContext, query: AuditQuery, until: string | null) {
  let after = query.after;
  do {
    const page: AuditPage = await listAudit({ ...caller, now: caller.clock() }, { ...query, after }, until);
    yield page.rows;
    after = page.next;
  } while (after !== null && after !== until);
}
