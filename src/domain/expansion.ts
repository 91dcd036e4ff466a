import { findNextSubscribers, writeStatusMails } from '../db/expanding.ts';
import type { Session } from '../db/statement.ts';
import { EXPANSION_CHUNK_USERS } from '../model/limits.ts';

/**
 * Writes one chunk of a status update's mails. Gives the ids of those to be sent, and whether all are written. May be
 * repeated and run twice at once.
 */
export async function expandChunk(
  session: Session,
  statusUpdateId: string,
  given: {
    readonly now: number;
    readonly newId: () => string;
    readonly addressHash: (resellerId: string, emailKey: string) => Promise<string>;
  },
): Promise<{ readonly mailIds: string[]; readonly done: boolean }> {
  const { after, subscribers } = await findNextSubscribers(session, statusUpdateId);
  const mails = await Promise.all(
    subscribers.map(async (subscriber) => ({
      ...subscriber,
      id: given.newId(),
      addressHash: await given.addressHash(subscriber.resellerId, subscriber.emailKey),
    })),
  );
  const done = mails.length < EXPANSION_CHUNK_USERS;
  return { mailIds: await writeStatusMails(session, statusUpdateId, { after, mails, done }, given.now), done };
}
