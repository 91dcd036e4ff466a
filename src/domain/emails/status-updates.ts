import { commit } from '../../db/commit/commit.ts';
import {
  beginStatusMails,
  type FollowedUpdate,
  insertStatusUpdate,
  nextStatusUpdateAt,
} from '../../db/emails/status-updates.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { StatusUpdate } from '../../model/emails/status-update.ts';
import { refuseRateLimited } from '../usage/rate-limited.ts';

export {
  type FollowedUpdate,
  findStatusUpdate as getStatusUpdate,
  listStatusUpdates,
} from '../../db/emails/status-updates.ts';

/** Mails every user with the role `account.service.status`, in the background. */
export async function publishStatusUpdate(
  caller: CallerContext,
  resellerId: string,
  input: Pick<StatusUpdate, 'title' | 'body' | 'severity'>,
): Promise<FollowedUpdate> {
  const update: StatusUpdate = { id: caller.newId(), resellerId, ...input, createdAt: caller.now };
  const published: FollowedUpdate = { ...update, expandingAt: caller.now, pending: 0, sent: 0, failed: 0 };
  await commit(caller, {
    write: insertStatusUpdate(caller, update),
    follow: [beginStatusMails(caller, update)],
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
