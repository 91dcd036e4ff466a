import { acceptMembership, declineMembership, leaveMembership } from '../../domain/users/own-memberships.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Failure } from '../../model/failure.ts';
import { seeOther } from '../redirect.ts';
import type { Call } from './caller.ts';
import { MEMBERSHIP_TEXTS } from './parts/membership-texts.ts';
import type { Done } from './texts/index.ts';
import type { Problem } from './view.ts';
import { type AccountVisit, answerAccount } from './visit.ts';

/** `POST /account/memberships/accept`: accepts an invitation. */
export const acceptInvited = answering(acceptMembership, 'membershipAccepted');

/** `POST /account/memberships/decline`: refuses an invitation. */
export const declineInvited = answering(declineMembership, 'membershipDeclined');

/** `POST /account/memberships/leave`: ends a membership. */
export const leaveTenant = answering(leaveMembership, 'membershipLeft');

function answering(change: (call: Call, resellerId: string) => Promise<void>, done: Done) {
  return (context: RequestContext): Promise<Response> =>
    answerAccount(context, {
      perform: async (call, { id = '' }) => {
        await change(call, id);
        return seeOther(`/account?done=${done}`);
      },
      explain: explainMembership,
    });
}

/** Why a membership, or the last of them with the account, does not end or begin; null: it has changed since. */
export function explainMembership({ kind }: Failure, { visit: { language } }: AccountVisit): Problem | null {
  const { linkRequired, lastMembership } = MEMBERSHIP_TEXTS[language];
  const text = { link_required: linkRequired, last_membership: lastMembership }[kind as string];
  return text === undefined ? null : { field: '', text };
}
