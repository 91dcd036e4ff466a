import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { refuseUnlessEnabled } from '../../db/webhooks/deliveries.ts';
import { insertRecovery, type Recovery } from '../../db/webhooks/recoveries.ts';
import { findWebhook } from '../../db/webhooks/webhooks.ts';
import { invalid, refuse } from '../../model/failure.ts';
import { idPrefixAt } from '../../model/id-prefix.ts';
import { DELIVERY_RETENTION_MS, ID_SPREAD_MS } from '../../model/limits/index.ts';

export { findRecovery as getRecovery, type Recovery } from '../../db/webhooks/recoveries.ts';

/** Resends failed and missed events. Default `since`: the first missed event. */
export async function startRecovery(
  caller: CallerContext,
  endpointId: string,
  sinceMs: number | undefined,
): Promise<Recovery> {
  const { missedSince } = await findWebhook(caller, endpointId);
  const oldest = caller.now - DELIVERY_RETENTION_MS;
  const since = sinceMs ?? (missedSince && Math.max(missedSince, oldest));
  if (since === null) refuse(invalid('body', 'since', 'Is required: nothing is known to have been missed.'));
  if (since < oldest) refuse(invalid('body', 'since', 'Must lie within the last 30 days.'));
  if (since > caller.now) refuse(invalid('body', 'since', 'Must not lie in the future.'));
  const recovery: Recovery = {
    id: caller.newId(),
    endpointId,
    since,
    createdAt: caller.now,
    searching: true,
    queued: 0,
    delivered: 0,
    failed: 0,
  };
  await commit(caller, {
    write: insertRecovery(caller, recovery, idPrefixAt(since - ID_SPREAD_MS)),
    event: null,
    audit: { event: { type: 'webhook.recovery-started', details: { recoveryId: recovery.id, since } } },
    resellerId: caller.actor.reseller,
    subject: endpointId,
    result: recovery,
    refused: () => refuseUnlessEnabled(caller, endpointId),
  });
  caller.tasks.push({ recoveryId: recovery.id });
  return recovery;
}
