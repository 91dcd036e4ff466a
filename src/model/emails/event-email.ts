import type { Event, EventRecord } from '../events/event.ts';
import { addressKey, isSameAddress } from '../fields.ts';
import { ORGANIZATION_ADMIN, RESELLER_ADMIN, SUBSCRIBER_ROLE } from '../users/role.ts';
import type { User } from '../users/user.ts';
import type { NewEmail } from './email.ts';

export type MailCause = Event & Pick<EventRecord, 'id' | 'resellerId'>;

type MailAddressee = { readonly template: NewEmail['template']; readonly user: User; readonly resellerId: string };

/** The sender re-checks that the mail is still wanted. */
export function emailForEvent(event: MailCause, newId: () => string): NewEmail | null {
  if (event.resellerId === null) return null;
  const mail = { id: newId(), resellerId: event.resellerId, eventId: event.id };
  if (event.type === 'webhook.disabled') {
    return { ...mail, template: 'webhook-suspended', language: 'en', recipient: null, userId: null };
  }
  const addressed = addresseeOf(event, event.resellerId);
  if (addressed === null) return null;
  const { template, user, resellerId } = addressed;
  const { id: userId, email, language } = user;
  return { ...mail, resellerId, template, language, recipient: { email, key: addressKey(email) }, userId };
}

function addresseeOf({ type, before, after }: Event, resellerId: string): MailAddressee | null {
  if (type === 'reseller.user.created') {
    if (after.membership === 'pending') return { template: 'membership-invitation', user: after, resellerId };
    const needsActivation = after.verifiedAt === null && after.resellerId === resellerId;
    return needsActivation ? { template: 'activation', user: after, resellerId } : null;
  }
  if (type !== 'reseller.user.updated') return null;
  const addressChanged = !isSameAddress(before.email, after.email) && after.resellerId === resellerId;
  if (after.verifiedAt === null && (addressChanged || gainedRights(before, after))) {
    return { template: 'activation', user: after, resellerId: after.resellerId };
  }
  // An attacker may control the new address.
  return addressChanged && before.verifiedAt !== null
    ? { template: 'security-notice', user: before, resellerId }
    : null;
}

/** Mirrors the triggers that void older links. */
function gainedRights(before: User, after: User): boolean {
  const { role, organization } = after;
  const promoted = role !== before.role && (role === RESELLER_ADMIN || role === ORGANIZATION_ADMIN);
  const newlyAdministers =
    role === ORGANIZATION_ADMIN && organization !== null && organization.id !== before.organization?.id;
  if (after.membership === 'pending') return false;
  if (before.disabled && !after.disabled) return true;
  return (
    promoted ||
    newlyAdministers ||
    (after.roles ?? []).some((held) => held !== SUBSCRIBER_ROLE && !before.roles?.includes(held))
  );
}
