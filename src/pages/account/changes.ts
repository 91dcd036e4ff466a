import { withdrawConsent } from '../../domain/clients/consents.ts';
import { allowIdentity, unlinkIdentity } from '../../domain/factors/external-identity.ts';
import { removePasskey } from '../../domain/factors/own-passkeys.ts';
import { endOtherSessions, endSession } from '../../domain/sessions/sessions.ts';
import { acceptMembership, declineMembership, leaveMembership } from '../../domain/users/own-memberships.ts';
import type { Failure } from '../../model/failure.ts';
import { MEMBERSHIP_TEXTS } from './parts/membership-texts.ts';
import type { AccountVisit, Problem } from './view.ts';
import { changeForm } from './visit.ts';

export const endOneSession = changeForm((caller, { id = '' }) => endSession(caller, id), 'sessionEnded');

export const endAllOtherSessions = changeForm((caller) => endOtherSessions(caller), 'sessionsEnded');

export const removeOnePasskey = changeForm((caller, { id = '' }) => removePasskey(caller, id), 'passkeyRemoved');

export const unlinkProvider = changeForm((caller) => unlinkIdentity(caller), 'providerUnlinked');

export const allowProvider = changeForm((caller) => allowIdentity(caller), 'providerAllowed');

export const withdrawAppConsent = changeForm((caller, { id = '' }) => withdrawConsent(caller, id), 'consentWithdrawn');

export const acceptInvitedMembership = changeForm(
  (caller, { id = '' }) => acceptMembership(caller, id),
  'membershipAccepted',
  explainMembership,
);

export const declineInvitedMembership = changeForm(
  (caller, { id = '' }) => declineMembership(caller, id),
  'membershipDeclined',
  explainMembership,
);

export const leaveTenant = changeForm(
  (caller, { id = '' }) => leaveMembership(caller, id),
  'membershipLeft',
  explainMembership,
);

/** Null if the membership has changed meanwhile. */
export function explainMembership({ kind }: Failure, { language }: AccountVisit): Problem | null {
  const { linkRequired, lastMembership } = MEMBERSHIP_TEXTS[language];
  const text = { link_required: linkRequired, last_membership: lastMembership }[kind as string];
  return text === undefined ? null : { field: '', text };
}
