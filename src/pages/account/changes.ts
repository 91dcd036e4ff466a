import { withdrawConsent } from '../../domain/clients/consents.ts';
import { allowIdentity, unlinkIdentity } from '../../domain/factors/external-identity.ts';
import { removePasskey } from '../../domain/factors/own-passkeys.ts';
import { endOtherSessions, endSession } from '../../domain/sessions/sessions.ts';
import { acceptMembership, declineMembership, leaveMembership } from '../../domain/users/own-memberships.ts';
import type { Failure } from '../../model/failure.ts';
import { MEMBERSHIP_TEXTS } from './parts/membership-texts.ts';
import type { AccountVisit, Problem } from './view.ts';
import { changing } from './visit.ts';

/** `POST /account/sessions/end`: ends one session. */
export const endOne = changing((caller, { id = '' }) => endSession(caller, id), 'sessionEnded');

/** `POST /account/sessions/end-others`: ends all but this one. */
export const endOthers = changing((caller) => endOtherSessions(caller), 'sessionsEnded');

/** `POST /account/passkeys/remove`: takes a passkey away. */
export const dropPasskey = changing((caller, { id = '' }) => removePasskey(caller, id), 'passkeyRemoved');

/** `POST /account/provider/unlink`: signs in by the outside provider no more. */
export const unlinkProvider = changing((caller) => unlinkIdentity(caller), 'providerUnlinked');

/** `POST /account/provider/allow`: lets an account there be linked again. */
export const allowProvider = changing((caller) => allowIdentity(caller), 'providerAllowed');

/** `POST /account/consents/withdraw`: lets an application act for the user no more. */
export const withdraw = changing((caller, { id = '' }) => withdrawConsent(caller, id), 'consentWithdrawn');

/** `POST /account/memberships/accept`: accepts an invitation. */
export const acceptInvited = changing(
  (caller, { id = '' }) => acceptMembership(caller, id),
  'membershipAccepted',
  explainMembership,
);

/** `POST /account/memberships/decline`: refuses an invitation. */
export const declineInvited = changing(
  (caller, { id = '' }) => declineMembership(caller, id),
  'membershipDeclined',
  explainMembership,
);

/** `POST /account/memberships/leave`: ends a membership. */
export const leaveTenant = changing(
  (caller, { id = '' }) => leaveMembership(caller, id),
  'membershipLeft',
  explainMembership,
);

/** Why a membership, or the last of them with the account, does not end or begin; null: it has changed since. */
export function explainMembership({ kind }: Failure, { language }: AccountVisit): Problem | null {
  const { linkRequired, lastMembership } = MEMBERSHIP_TEXTS[language];
  const text = { link_required: linkRequired, last_membership: lastMembership }[kind as string];
  return text === undefined ? null : { field: '', text };
}
