import { newSubscriber, type SubscriptionConfirmation } from '../../model/emails/subscription-confirmation.ts';
import type { EventRecord } from '../../model/events/event.ts';
import { addressKey } from '../../model/fields.ts';

/**
 * The mails that ask for confirmation because of these events: one for each address and reseller, of the last event. Whether
 * one is needed is found out when it is written, and again when it leaves.
 */
export async function confirmationsOf(
  events: readonly EventRecord[],
  given: {
    readonly newId: () => string;
    readonly addressHash: (resellerId: string, emailKey: string) => Promise<string>;
  },
): Promise<SubscriptionConfirmation[]> {
  const asked = new Map<string, Omit<SubscriptionConfirmation, 'addressHash'>>();
  for (const event of events) {
    const { id: eventId, resellerId } = event;
    const user = newSubscriber(event);
    if (user === null || resellerId === null) continue;
    const key = addressKey(user.email);
    asked.set(`${resellerId} ${key}`, { id: given.newId(), eventId, resellerId, userId: user.id, recipient: { key } });
  }
  return Promise.all(
    [...asked.values()].map(async (one) => ({
      ...one,
      addressHash: await given.addressHash(one.resellerId, one.recipient.key),
    })),
  );
}
