import { addressHash } from '../auth/secrets/address-hash.ts';
import { writeStatusMailChunk } from '../domain/emails/status-mails.ts';
import { EXPANSION_CHUNKS } from '../model/limits/index.ts';
import { logFault } from '../model/log.ts';
import { queueEmails, sendTasks } from './relay.ts';
import type { WorkerContext } from './worker-context.ts';

/** Requeues itself. Mails beyond today's budget wait. */
export async function writeStatusMails({ env, db, now, newId }: WorkerContext, statusUpdateId: string): Promise<void> {
  for (let chunks = 0; chunks < EXPANSION_CHUNKS; chunks++) {
    const options = { now: now(), newId, budgets: env.budgets, addressHash };
    const { mailIds, state } = await writeStatusMailChunk(db, statusUpdateId, options);
    // The sweep retries mails in the database.
    await queueEmails(env, mailIds).catch((error) => logFault('mails', error));
    if (state !== 'more') return;
  }
  await sendTasks(env, [{ statusUpdateId }]);
}
