import { commit } from '../../db/commit/commit.ts';
import {
  beginExpansion,
  type FollowedUpdate,
  insertStatusUpdate,
  nextStatusUpdateAt,
} from '../../db/emails/status-updates.ts';
import type { Call } from '../../db/sql/call.ts';
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
  call: Call,
  resellerId: string,
  input: Pick<StatusUpdate, 'title' | 'body' | 'severity'>,
): Promise<FollowedUpdate> {
  const update: StatusUpdate = { id: call.newId(), resellerId, ...input, createdAt: call.now };
  const published: FollowedUpdate = { ...update, expandingAt: call.now, pending: 0, sent: 0, failed: 0 };
  await commit(call, {
    write: insertStatusUpdate(call, update),
    follow: [beginExpansion(call, update)],
    event: null,
    audit: { event: { type: 'status-update.published', details: update } },
    resellerId,
    subject: update.id,
    result: published,
    refused: async () => {
      const next = await nextStatusUpdateAt(call, resellerId);
      if (next !== null) refuseUntil('status_updates', next - call.now);
    },
  });
  call.wakes.push({ statusUpdateId: update.id });
  return published;
}
