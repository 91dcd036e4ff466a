import { addressHash } from '../auth/secrets/address-hash.ts';
import { writeStatusMailChunk } from '../domain/emails/status-mails.ts';
import { EXPANSION_CHUNKS } from '../model/limits/index.ts';
import { logFault } from '../model/log.ts';
import { queueEmails, sendTasks } from './relay.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * Writes the mails of a status update, chunk after chunk, and has them sent. Goes a part of the way and queues up again
 * for the rest. What exceeds today's budget waits for the next day. After a crash whole chunks remain, and the sweep
 * continues.
 */
export async function writeStatusMails({ env, db, now, newId }: WorkerContext, statusUpdateId: string): Promise<void> {
  for (let chunks = 0; chunks < EXPANSION_CHUNKS; chunks++) {
    const given = { now: now(), newId, budgets: env.budgets, addressHash };
    const { mailIds, state } = await writeStatusMailChunk(db, statusUpdateId, given);
    // They stand in the database, where the sweep finds them.
    await queueEmails(env, mailIds).catch((error) => logFault('mails', error));
    if (state !== 'more') return;
  }
  await sendTasks(env, [{ statusUpdateId }]);
}
