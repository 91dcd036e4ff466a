import type { NewMail } from './email.ts';
import type { Event, EventRecord } from './event.ts';
import { fold } from './fields.ts';
import type { User } from './user.ts';

/** As much of an event as a mail depends on. */
export type Caused = Event & Pick<EventRecord, 'id' | 'resellerId'>;

/** The mail that an event is the cause of, if it is of any. Whoever sends it finds out whether it is still wanted. */
export function mailOf(event: Caused, newId: () => string): NewMail | null {
  if (event.resellerId === null) return null;
  const mail = { id: newId(), resellerId: event.resellerId, eventId: event.id };
  if (event.type === 'webhook.disabled') {
    return { ...mail, template: 'webhook-suspended', language: 'en', recipient: null, userId: null };
  }
  const [template, user] = invitedBy(event) ?? movedBy(event) ?? [];
  if (template === undefined || user === undefined) return null;
  // Whoever joins another reseller has been asked by its own, and hears of a new address by that.
  if (user.resellerId !== event.resellerId) return null;
  const { id: userId, email, language } = user;
  return { ...mail, template, language, recipient: { email, key: fold(email) }, userId };
}

/** Who is to come and has not been asked at this address yet. */
function invitedBy({ type, before, after }: Event): readonly ['activation', User] | null {
  if (type === 'reseller.user.created') return after.verifiedAt === null ? ['activation', after] : null;
  if (type !== 'reseller.user.updated' || after.verifiedAt !== null) return null;
  return fold(before.email) === fold(after.email) ? null : ['activation', after];
}

/** Who has another address by now, as it was at the old one: that is where a thief would want nobody to hear of it. */
function movedBy({ type, before, after }: Event): readonly ['security-notice', User] | null {
  if (type !== 'reseller.user.updated' || before.verifiedAt === null) return null;
  return fold(before.email) === fold(after.email) ? null : ['security-notice', before];
}
