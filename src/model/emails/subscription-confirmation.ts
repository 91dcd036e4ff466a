import type { Event } from '../events/event.ts';
import { isSameAddress } from '../fields.ts';
import { SUBSCRIBER_ROLE } from '../users/role.ts';
import type { User } from '../users/user.ts';

export type SubscriptionConfirmation = {
  readonly id: string;
  readonly eventId: string;
  readonly resellerId: string;
  readonly userId: string;
  readonly recipient: { readonly key: string };
  readonly addressHash: string;
};

export function newSubscriber({ type, before, after }: Event): User | null {
  if (type !== 'reseller.user.created' && type !== 'reseller.user.updated') return null;
  const addressChanged = before !== null && !isSameAddress(before.email, after.email);
  const roleGranted = after.roles?.includes(SUBSCRIBER_ROLE) && !before?.roles?.includes(SUBSCRIBER_ROLE);
  const enabled = before?.disabled && !after.disabled;
  return addressChanged || roleGranted || enabled ? after : null;
}
