import type { Change } from '../../db/commit/commit.ts';
import { resetCredentials } from '../../db/factors/credentials-reset.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { Member } from '../../model/users/member.ts';
import type { RequiredRights } from '../../model/users/required-rights.ts';
import type { User } from '../../model/users/user.ts';

export type CredentialsReset = {
  readonly effects: Required<Pick<Change, 'audit' | 'sweep' | 'emails'>>;
  readonly changes: Pick<User, 'twoFactorEnabled' | 'googleSsoEnabled'>;
  readonly mailId: string;
};

type UserBeforeChange = {
  readonly before: Pick<Member, 'id' | 'verifiedAt' | 'membership'>;
  readonly addressChange: object | null;
  readonly preparedScopes: string | null;
};

/**
 * Another credential set this user's password or address and may still be able to sign in. If the user gains a right
 * that this credential lacked, every way to sign in ends and a password link is mailed.
 */
export function resetIfRightsGained(
  caller: CallerContext,
  { before, addressChange, preparedScopes }: UserBeforeChange,
  gained: RequiredRights,
): CredentialsReset | null {
  // An invitation gives no rights yet; its acceptance resets them.
  if (before.membership === 'pending') return null;
  const preparedBy = addressChange !== null && before.verifiedAt !== null ? '' : preparedScopes;
  if (preparedBy === null) return null;
  const held = new Set(preparedBy.split(' '));
  if ([...gained.tenant, ...gained.organization].every((scope) => held.has(scope))) return null;
  const { db, actor, requestId, now, origin } = caller;
  const mailId = caller.newId();
  const reset = { userId: before.id, mailId, by: actor.name, from: actor.reseller, requestId, now, ...origin };
  return {
    changes: { twoFactorEnabled: false, googleSsoEnabled: false },
    effects: {
      audit: { event: { type: 'account.credentials-reset', details: { reason: 'rights-gained' } } },
      sweep: (entry) => resetCredentials(db, { ...reset, entry }),
      emails: 1,
    },
    mailId,
  };
}
