import { newSubscriber, type SubscriptionConfirmation } from '../../model/emails/subscription-confirmation.ts';
import type { EventRecord } from '../../model/events/event.ts';
import { addressKey } from '../../model/fields.ts';

/**
 * One confirmation per address and reseller, for the last event. Writing and sending the mail check again whether it is
 * needed.
 */
export async function confirmationsFor(
  events: readonly EventRecord[],
  {
    newId,
    addressHash,
  }: {
    readonly newId: () => string;
    readonly addressHash: (resellerId: string, emailKey: string) => Promise<string>;
  },
): Promise<SubscriptionConfirmation[]> {
  const byRecipient = new Map<string, Omit<SubscriptionConfirmation, 'addressHash'>>();
  for (const event of events) {
    const { id: eventId, resellerId } = event;
    const user = newSubscriber(event);
    if (user === null || resellerId === null) continue;
    const key = addressKey(user.email);
    byRecipient.set(`${resellerId} ${key}`, { id: newId(), eventId, resellerId, userId: user.id, recipient: { key } });
  }
  return Promise.all(
    [...byRecipient.values()].map(async (confirmation) => ({
      ...confirmation,
      addressHash: await addressHash(confirmation.resellerId, confirmation.recipient.key),
    })),
  );
}
