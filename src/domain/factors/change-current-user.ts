import { type Change, commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import { type CurrentUser, findCurrentUser } from '../../db/users/current-user.ts';
import type { AuditEvent } from '../../model/events/audit.ts';
import type { User } from '../../model/users/user.ts';
import { applyChanges } from '../update.ts';
import { viewForCaller } from '../users/current-user.ts';
import { eventForOtherResellers } from '../users/shared-users.ts';
import { failReauthentication, type ReauthenticationFailure } from './reauthentication.ts';

type SignInChange = Pick<Change, 'follow' | 'sweep'> & {
  readonly changes: Partial<Pick<User, 'twoFactorEnabled' | 'googleSsoEnabled'>>;
  readonly write: (after: User) => D1PreparedStatement;
  readonly audit: AuditEvent;
  readonly also?: AuditEvent;
  readonly failure?: ReauthenticationFailure;
};

/** Notifies all resellers of the user, the audit log and, by mail, the user. */
export async function changeCurrentUser(
  caller: CallerContext,
  currentUser: CurrentUser,
  change: SignInChange,
): Promise<User> {
  const { changes, write, follow, sweep, audit, also, failure } = change;
  const { user: before, otherMemberships } = currentUser;
  const after = applyChanges(caller, before, changes);
  const result = viewForCaller(caller, after);
  const event = { type: 'reseller.user.updated', before, after } as const;
  await commit(caller, {
    write: write(after),
    aboveBudget: true,
    ...(follow && { follow }),
    ...(sweep && { sweep }),
    event,
    resellerId: before.resellerId,
    elsewhere: [...eventForOtherResellers(event, otherMemberships)],
    audit: { event: audit, also, notified: before.id },
    subject: before.id,
    result,
    refused: async () => {
      if (failure === undefined) return admitCaller(caller);
      const { user: now } = await findCurrentUser(caller);
      if (now.updatedAt === before.updatedAt) await failReauthentication(caller, currentUser, failure);
    },
  });
  return result;
}
