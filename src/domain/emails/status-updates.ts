import { commit } from '../../db/commit/commit.ts';
import {
  insertStatusUpdate,
  nextStatusUpdateAt,
  queueStatusMailsAfter,
  type StatusUpdateWithProgress,
} from '../../db/emails/status-updates.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { StatusUpdate } from '../../model/emails/status-update.ts';
import { refuseRateLimited } from '../usage/rate-limited.ts';

export {
  findStatusUpdate as getStatusUpdate,
  listStatusUpdates,
  type StatusUpdateWithProgress,
} from '../../db/emails/status-updates.ts';

/** Mails every user with the role `account.service.status`, in the background. */
export async function publishStatusUpdate(
  caller: CallerContext,
  resellerId: string,
  input: Pick<StatusUpdate, 'title' | 'body' | 'severity'>,
): Promise<StatusUpdateWithProgress> {
  const update: StatusUpdate = { id: caller.newId(), resellerId, ...input, createdAt: caller.now };
  const published: StatusUpdateWithProgress = { ...update, expandingAt: caller.now, pending: 0, sent: 0, failed: 0 };
  await commit(caller, {
    write: insertStatusUpdate(caller, update),
    follow: [queueStatusMailsAfter(caller, update)],
    event: null,
    audit: { event: { type: 'status-update.published', details: update } },
    resellerId,
    subject: update.id,
    result: published,
    refused: async () => {
      const next = await nextStatusUpdateAt(caller, resellerId);
      if (next !== null) refuseRateLimited('status_updates', next - caller.now);
    },
  });
  caller.tasks.push({ statusUpdateId: update.id });
  return published;
}
