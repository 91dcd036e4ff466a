import { findMissedEvents, findRunningRecovery, requeueMissedEvents } from '../db/webhooks/recovery-scan.ts';
import { DELIVERY_RETENTION_MS, RECOVERY_CHUNKS } from '../model/limits/index.ts';
import { sendTasks } from './relay.ts';
import type { WorkerContext } from './worker-context.ts';

/** Requeues itself. Safe to repeat and to run concurrently. */
export async function recover({ env, db, now, newId }: WorkerContext, recoveryId: string): Promise<void> {
  for (let chunks = 0; chunks < RECOVERY_CHUNKS; chunks++) {
    const recovery = await findRunningRecovery(db, recoveryId);
    if (recovery === null) return;
    const since = Math.max(recovery.since, now() - DELIVERY_RETENTION_MS);
    const { missed, buried, cursor } = await findMissedEvents(db, { ...recovery, since });
    const rows = missed.map(({ eventId, deliveryId }) => ({ eventId, deliveryId: deliveryId ?? newId() }));
    const { bytesPerDay } = env.budgets;
    const options = { buried, to: cursor, now: now(), bytesPerDay };
    if (!(await requeueMissedEvents(db, recovery, rows, options))) return;
    if (rows.length > 0) await sendTasks(env, [{ endpointId: recovery.endpointId }]);
  }
  await sendTasks(env, [{ recoveryId }]);
}
