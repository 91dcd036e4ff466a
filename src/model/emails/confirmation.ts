import type { Event } from '../events/event.ts';
import { isSameAddress } from '../fields.ts';
import { SUBSCRIBER } from '../users/role.ts';
import type { User } from '../users/user.ts';

/** A mail that asks a user with the role of subscribers whether to send status updates. */
export type Confirmation = {
  readonly id: string;
  readonly eventId: string;
  readonly resellerId: string;
  readonly userId: string;
  readonly recipient: { readonly key: string };
  readonly addressHash: string;
};

/** The user that was given the role of subscribers, or may hold it and has another address or was enabled; else null. */
export function subscriberOf({ type, before, after }: Event): User | null {
  if (type !== 'reseller.user.created' && type !== 'reseller.user.updated') return null;
  const moved = before !== null && !isSameAddress(before.email, after.email);
  const given = after.roles?.includes(SUBSCRIBER) && !before?.roles?.includes(SUBSCRIBER);
  const enabled = before?.disabled && !after.disabled;
  return moved || given || enabled ? after : null;
}
