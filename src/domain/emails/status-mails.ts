import { findNextSubscribers, insertStatusMails, postponeStatusMails } from '../../db/emails/status-mails.ts';
import type { Db } from '../../db/sql/statement.ts';
import { EXPANSION_CHUNK_USERS } from '../../model/limits/index.ts';
import type { Budgets } from '../../model/usage/budgets.ts';

/** `postponed`: the rest waits for the next day's budget. */
export type StatusMailProgress = 'done' | 'more' | 'postponed';

/**
 * Writes one chunk of mails within the tenant's budget and returns their ids. Safe to repeat and to run concurrently.
 */
export async function writeStatusMailChunk(
  db: Db,
  statusUpdateId: string,
  {
    now,
    newId,
    budgets,
    addressHash,
  }: {
    readonly now: number;
    readonly newId: () => string;
    readonly budgets: Budgets;
    readonly addressHash: (resellerId: string, emailKey: string) => Promise<string>;
  },
): Promise<{ readonly mailIds: string[]; readonly state: StatusMailProgress }> {
  const { emailsPerDay } = budgets;
  const { after, subscribers, emailsUsed } = await findNextSubscribers(db, statusUpdateId, now);
  const remaining = Math.max(0, emailsPerDay - emailsUsed);
  if (subscribers.length > 0 && remaining === 0) {
    await postponeStatusMails(db, statusUpdateId, after, now);
    return { mailIds: [], state: 'postponed' };
  }
  const mails = await Promise.all(
    subscribers.slice(0, remaining).map(async (subscriber) => ({
      ...subscriber,
      id: newId(),
      addressHash: await addressHash(subscriber.resellerId, subscriber.emailKey),
    })),
  );
  const done = subscribers.length < EXPANSION_CHUNK_USERS && mails.length === subscribers.length;
  const mailIds = await insertStatusMails(db, statusUpdateId, { after, mails, done }, { now, emailsPerDay });
  return { mailIds, state: done ? 'done' : 'more' };
}
