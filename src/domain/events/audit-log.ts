import { type AuditPage, findAuditEnd, listAudit } from '../../db/events/audit-log.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { AuditEntry, AuditQuery } from '../../model/events/audit.ts';
import { EXPORT_CHUNK_ROWS, EXPORT_ROWS } from '../../model/limits/index.ts';

export { type AuditPage, listAudit } from '../../db/events/audit-log.ts';

/** `next`: the id of the last entry examined; null at the end of the log. */
export type AuditExport = { readonly chunks: AsyncGenerator<readonly AuditEntry[]>; readonly next: string | null };

/** Matches among the next `EXPORT_ROWS` entries, up to the time of the call. */
export async function exportAudit(caller: CallerContext, query: AuditQuery): Promise<AuditExport> {
  const bounded = { ...query, toMs: Math.min(query.toMs ?? Number.POSITIVE_INFINITY, caller.now + 1) };
  const next = await findAuditEnd(caller, bounded, EXPORT_ROWS);
  return { next, chunks: readChunks(caller, { ...bounded, limit: EXPORT_CHUNK_ROWS }, next) };
}

/** Checks the caller's rights anew for each chunk. */
async function* readChunks(caller: CallerContext, query: AuditQuery, until: string | null) {
  let after = query.after;
  do {
    const page: AuditPage = await listAudit({ ...caller, now: caller.clock() }, { ...query, after }, until);
    yield page.rows;
    after = page.next;
  } while (after !== null && after !== until);
}
