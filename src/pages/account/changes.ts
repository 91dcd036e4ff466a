import { withdrawConsent } from '../../domain/clients/consents.ts';
import { allowIdentity, unlinkIdentity } from '../../domain/factors/external-identity.ts';
import { removePasskey } from '../../domain/factors/own-passkeys.ts';
import { endOtherSessions, endSession } from '../../domain/sessions/sessions.ts';
import { acceptMembership, declineMembership, leaveMembership } from '../../domain/users/own-memberships.ts';
import type { Failure } from '../../model/failure.ts';
import { MEMBERSHIP_TEXTS } from './parts/membership-texts.ts';
import type { AccountVisit, Problem } from './view.ts';
import { changing } from './visit.ts';

export const endOne = changing((caller, { id = '' }) => endSession(caller, id), 'sessionEnded');

export const endOthers = changing((caller) => endOtherSessions(caller), 'sessionsEnded');

export const dropPasskey = changing((caller, { id = '' }) => removePasskey(caller, id), 'passkeyRemoved');

export const unlinkProvider = changing((caller) => unlinkIdentity(caller), 'providerUnlinked');

export const allowProvider = changing((caller) => allowIdentity(caller), 'providerAllowed');

export const withdraw = changing((caller, { id = '' }) => withdrawConsent(caller, id), 'consentWithdrawn');

export const acceptInvited = changing(
  (caller, { id = '' }) => acceptMembership(caller, id),
  'membershipAccepted',
  explainMembership,
);

export const declineInvited = changing(
  (caller, { id = '' }) => declineMembership(caller, id),
  'membershipDeclined',
  explainMembership,
);

export const leaveTenant = changing(
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
