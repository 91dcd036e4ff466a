import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { insertInvitation, nextInvitationAt } from '../../db/users/invite.ts';
import { findMember } from '../../db/users/members.ts';
import { refuse } from '../../model/failure.ts';
import { refuseRateLimited } from '../usage/rate-limited.ts';

export async function sendActivationEmail(caller: CallerContext, resellerId: string, userId: string): Promise<void> {
  const { member } = await findMember(caller, resellerId, userId);
  if (member.resellerId !== resellerId) refuse({ kind: 'not_primary' });
  const id = caller.newId();
  await commit(caller, {
    write: insertInvitation(caller, id, { resellerId, userId }),
    emails: 1,
    event: null,
    audit: { event: { type: 'account.link-requested', details: { mailId: id } } },
    resellerId,
    subject: userId,
    result: null,
    refused: async () => refuseRateLimited('mails', (await nextInvitationAt(caller, userId)) - caller.now),
  });
  caller.emailIds.push(id);
}
