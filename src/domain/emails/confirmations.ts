import { type Confirmation, subscriberOf } from '../../model/emails/confirmation.ts';
import type { EventRecord } from '../../model/events/event.ts';
import { addressKey } from '../../model/fields.ts';

/**
 * One confirmation per address and reseller, for its last event. The mail checks again whether it is needed when it is
 * written and when it is sent.
 */
export async function confirmationsFor(
  events: readonly EventRecord[],
  given: {
    readonly newId: () => string;
    readonly addressHash: (resellerId: string, emailKey: string) => Promise<string>;
  },
): Promise<Confirmation[]> {
  const asked = new Map<string, Omit<Confirmation, 'addressHash'>>();
  for (const event of events) {
    const { id: eventId, resellerId } = event;
    const user = subscriberOf(event);
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
