import { commit } from '../../db/commit/commit.ts';
import {
  beginStatusMails,
  type FollowedUpdate,
  insertStatusUpdate,
  nextStatusUpdateAt,
} from '../../db/emails/status-updates.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { StatusUpdate } from '../../model/emails/status-update.ts';
import { refuseUntil } from '../usage/rate-limited.ts';

export {
  type FollowedUpdate,
  findStatusUpdate as getStatusUpdate,
  listStatusUpdates,
} from '../../db/emails/status-updates.ts';

/**
 * Tells everybody who has the role `account.service.status` in this reseller, by mails that are written and sent in the
 * background. Refuses `not_found`, `rate_limited`.
 */
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
      if (next !== null) refuseUntil('status_updates', next - caller.now);
    },
  });
  caller.tasks.push({ statusUpdateId: update.id });
  return published;
}
