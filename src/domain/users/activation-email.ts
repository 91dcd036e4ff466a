import { commit } from '../../db/commit/commit.ts';
import type { Call } from '../../db/sql/call.ts';
import { insertInvitation, nextInvitationAt } from '../../db/users/invite.ts';
import { findMember } from '../../db/users/members.ts';
import { refuse } from '../../model/failure.ts';
import { refuseUntil } from '../usage/rate-limited.ts';

/**
 * Has a mail with a new link sent to a user, from its own reseller only. Refuses `not_found`, `not_primary`, `grant_refused`,
 * `rate_limited`.
 */
export async function sendActivation(call: Call, resellerId: string, userId: string): Promise<void> {
  const { member } = await findMember(call, resellerId, userId);
  if (member.resellerId !== resellerId) refuse({ kind: 'not_primary' });
  const id = call.newId();
  await commit(call, {
    write: insertInvitation(call, id, { resellerId, userId }),
    emails: 1,
    event: null,
    audit: { event: { type: 'account.link-requested', details: { mailId: id } } },
    resellerId,
    subject: userId,
    result: null,
    refused: async () => refuseUntil('mails', (await nextInvitationAt(call, userId)) - call.now),
  });
  call.mails.push(id);
}
