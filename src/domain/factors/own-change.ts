import { type Change, commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import { type CurrentUser, findCurrentUser } from '../../db/users/current-user.ts';
import type { AuditEvent } from '../../model/events/audit.ts';
import type { User } from '../../model/users/user.ts';
import { applyChanges } from '../update.ts';
import { seenHere } from '../users/current-user.ts';
import { eventForOtherResellers } from '../users/shared-users.ts';
import { type Failed, failAgain } from './own-proof.ts';

type OwnChange = Pick<Change, 'follow' | 'sweep'> & {
  readonly changes: Partial<Pick<User, 'twoFactorEnabled' | 'googleSsoEnabled'>>;
  readonly write: (after: User) => D1PreparedStatement;
  readonly audit: AuditEvent;
  /** What else the audit log says; there is one mail for both. */
  readonly also?: AuditEvent;
  /** What was shown may have been used up by another request meanwhile. */
  readonly failed?: Failed;
};

/**
 * Changes how the caller signs in: the user's own reseller and all others hear of it, the audit log and, by mail, the user.
 * Gives the user as it is shown then. Refuses `changed_meanwhile`, `sign_in_failed`.
 */
export async function changeCurrentUser(caller: CallerContext, self: CurrentUser, change: OwnChange): Promise<User> {
  const { changes, write, follow, sweep, audit, also, failed } = change;
  const { user: before, elsewhere } = self;
  const after = applyChanges(caller, before, changes);
  const result = seenHere(caller, after);
  const event = { type: 'reseller.user.updated', before, after } as const;
  await commit(caller, {
    write: write(after),
    aboveBudget: true,
    ...(follow && { follow }),
    ...(sweep && { sweep }),
    event,
    resellerId: before.resellerId,
    elsewhere: [eventForOtherResellers(event, elsewhere)],
    audit: { event: audit, also, notified: before.id },
    subject: before.id,
    result,
    refused: async () => {
      if (failed === undefined) return admitCaller(caller);
      const { user: now } = await findCurrentUser(caller);
      if (now.updatedAt === before.updatedAt) await failAgain(caller, self, failed);
    },
  });
  return result;
}
