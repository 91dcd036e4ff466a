import { listAudit } from '../db/audit-log.ts';
import type { Call } from '../db/call.ts';
import type { AuditEntry, AuditQuery } from '../model/audit.ts';
import { EXPORT_CHUNK_ROWS, EXPORT_CHUNKS_MAX } from '../model/limits.ts';

export { type AuditPage, listAudit } from '../db/audit-log.ts';

/**
 * All entries that a query finds, up to the time of the call, chunk after chunk, each judged by the caller's rights of that
 * moment. Refuses as `listAudit` does; throws where there are too many.
 */
export async function* exportAudit(call: Call, query: AuditQuery): AsyncGenerator<readonly AuditEntry[]> {
  const toMs = Math.min(query.toMs ?? Number.POSITIVE_INFINITY, call.now + 1);
  let after = query.after;
  for (let chunks = 0; chunks < EXPORT_CHUNKS_MAX; chunks++) {
    const page = await listAudit({ ...call, now: call.clock() }, { ...query, toMs, after, limit: EXPORT_CHUNK_ROWS });
    yield page.rows;
    if (!page.more) return;
    after = page.rows.at(-1)?.id ?? null;
  }
  throw new Error('the export is too long');
}
