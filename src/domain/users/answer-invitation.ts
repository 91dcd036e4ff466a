import { eventsForOtherResellers } from '../../db/commit/commit.ts';
import {
  findInvitation,
  type InvitationAnswer,
  type InvitedMember,
  recordAcceptance,
  recordRefusal,
} from '../../db/users/invitations.ts';
import { refuse } from '../../model/failure.ts';
import type { Invitation } from '../../model/users/invitation.ts';
import type { LinkContext } from '../sign-in/password-links.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { eventsForHomeReseller, viewFor } from './shared-users.ts';

export type { InvitedMember } from '../../db/users/invitations.ts';

type InvitationContext = Omit<LinkContext, 'hashPassword'>;
/** `mailId`: the mail with a password link, if the user needs one. */
export type InvitationResult = {
  readonly invited: InvitedMember;
  readonly eventIds: readonly string[];
  readonly mailId: string | null;
};

/** Null if the invitation was answered or cancelled, or has expired. */
export function readInvitation({ db, now }: InvitationContext, invitation: Invitation): Promise<InvitedMember | null> {
  return findInvitation(db, invitation, now);
}

/**
 * The link proves the address. Credentials that others prepared end, and a user without a password is mailed a link.
 */
export function acceptByLink(anonymous: InvitationContext, invitation: Invitation): Promise<InvitationResult | null> {
  const { db, now, newId } = anonymous;
  return answerInvitation(anonymous, invitation, async (invited) => {
    const { member, prepared, hasPassword } = invited;
    const reset = prepared ? { twoFactorEnabled: false, googleSsoEnabled: false } : {};
    const { membership: _, ...after } = applyChanges(anonymous, member, { ...reset, emailVerifiedAt: now });
    const event = {
      type: 'reseller.user.updated',
      before: viewFor(invitation.resellerId, member),
      after: viewFor(invitation.resellerId, after),
    } as const;
    const mailId = prepared || !hasPassword ? newId() : null;
    const entry = {
      id: newId(),
      event: { type: 'account.credentials-reset', details: { reason: 'membership-accepted' } },
    } as const;
    const record = (answer: InvitationAnswer) =>
      recordAcceptance(db, answer, mailId === null ? null : { reset: prepared ? entry : null, mailId });
    const { resellerId } = invitation;
    const otherEvents = eventsForOtherResellers(anonymous, {
      resellerId,
      elsewhere: prepared ? eventsForHomeReseller(resellerId, member, after, []) : [],
    });
    return { event, otherEvents, updatedAt: after.updatedAt, mailId, record };
  });
}

/** The tenant cannot repeat the invitation for a while. */
export function refuseByLink(anonymous: InvitationContext, invitation: Invitation): Promise<InvitationResult | null> {
  return answerInvitation(anonymous, invitation, async ({ member }) => ({
    event: { type: 'reseller.user.deleted', before: viewFor(invitation.resellerId, member), after: null },
    otherEvents: [],
    updatedAt: applyChanges(anonymous, member, {}).updatedAt,
    mailId: null,
    record: (answer) => recordRefusal(anonymous.db, answer),
  }));
}

type InvitationStep = Pick<InvitationAnswer, 'event' | 'otherEvents' | 'updatedAt'> & {
  readonly mailId: string | null;
  readonly record: (answer: InvitationAnswer) => Promise<boolean>;
};

function answerInvitation(
  anonymous: InvitationContext,
  invitation: Invitation,
  decide: (invited: InvitedMember) => Promise<InvitationStep>,
): Promise<InvitationResult | null> {
  const { requestId, origin, now, newId } = anonymous;
  return retryChanged(async () => {
    const invited = await readInvitation(anonymous, invitation);
    if (invited === null) return null;
    const { mailId, record, ...step } = await decide(invited);
    const eventId = newId();
    const answer = { ...invitation, ...step, eventId, readAt: invited.member.updatedAt, requestId, origin, now };
    if (!(await record(answer))) refuse({ kind: 'changed_meanwhile' });
    return { invited, eventIds: [eventId, ...step.otherEvents.map(({ id }) => id)], mailId };
  });
}
