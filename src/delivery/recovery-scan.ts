import { findMissed, findRunning, recordRecovered } from '../db/webhooks/recovery-scan.ts';
import { DELIVERIES_KEPT_MS, RECOVERY_CHUNKS } from '../model/limits/index.ts';
import type { Background } from './background.ts';
import { wake } from './relay.ts';

/**
 * Looks through the events since a recovery's start and makes those due that the endpoint did not get. Goes a part of
 * the way and queues up again for the rest, unless the tenant's day is used up; may be repeated and run twice at once.
 */
export async function recover({ env, session, now, newId }: Background, recoveryId: string): Promise<void> {
  for (let chunks = 0; chunks < RECOVERY_CHUNKS; chunks++) {
    const recovery = await findRunning(session, recoveryId);
    if (recovery === null) return;
    const since = Math.max(recovery.since, now() - DELIVERIES_KEPT_MS);
    const { missed, buried, cursor } = await findMissed(session, { ...recovery, since });
    const rows = missed.map(({ eventId, deliveryId }) => ({ eventId, deliveryId: deliveryId ?? newId() }));
    const { bytesPerDay } = env.budgets;
    const given = { buried, to: cursor, now: now(), bytesPerDay };
    if (!(await recordRecovered(session, recovery, rows, given))) return;
    if (rows.length > 0) await wake(env, [{ endpointId: recovery.endpointId }]);
  }
  await wake(env, [{ recoveryId }]);
}
