import type { Db } from '../../db/sql/statement.ts';
import { findAnyWebhook, recordSuspension } from '../../db/webhooks/suspension.ts';
import { applyChanges } from '../update.ts';

/**
 * `attemptedUrl`: the URL whose response asked to disable the webhook; null if it has failed for too long. Returns the
 * event's id, or null if nothing changed.
 */
export async function suspendWebhook(
  db: Db,
  id: string,
  {
    attemptedUrl,
    now,
    newId,
  }: { readonly attemptedUrl: string | null; readonly now: number; readonly newId: () => string },
): Promise<string | null> {
  const before = await findAnyWebhook(db, id);
  if (before === null || !before.enabled) return null;
  if (attemptedUrl === null ? before.status === 'healthy' : before.url !== attemptedUrl) return null;
  const after = applyChanges({ now }, before, { enabled: false, status: 'suspended' });
  const eventId = newId();
  return (await recordSuspension(db, before, after, { eventId, now })) ? eventId : null;
}
