import { commit } from '../../db/commit/commit.ts';
import { sweepFactors } from '../../db/factors/factors.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import {
  type Administered,
  disarmUser,
  findAdministered,
  insertResetToken,
  unlinkUser,
} from '../../db/users/administer.ts';
import { cancelInvitations } from '../../db/users/membership.ts';
import type { Scope } from '../../model/clients/scope.ts';
import type { AuditType } from '../../model/events/audit.ts';
import { absent, refuse } from '../../model/failure.ts';
import type { User } from '../../model/users/user.ts';
import { guardCredentials } from '../factors/credential-guard.ts';
import { requireRecentOfUser } from '../factors/recent-sign-in.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { eventForOtherResellers, invitationsCancelled } from './shared-users.ts';

/**
 * Takes every second factor of a user away who has lost them. As this is half the way to becoming the user, each right that
 * it has anywhere must be the caller's. Refuses `not_found`, `factor_absent`, `grant_refused`, and as `guardCredentials` does.
 */
export function resetFactors(caller: CallerContext, userId: string): Promise<void> {
  return changeAccess(caller, userId, ({ factors }) => {
    if (factors === 0) refuse({ kind: 'factor_absent', missing: 'factor' });
    return {
      changes: { twoFactorEnabled: false },
      write: disarmUser,
      sweep: sweepFactors,
      audit: 'account.two-factor-disabled',
    };
  });
}

/**
 * Has nobody sign in as a user by an outside identity any more; only the user allows another. Guarded as above. Refuses
 * `not_found` of the user and of the identity, `grant_refused`.
 */
export function unlinkUserIdentity(caller: CallerContext, userId: string): Promise<void> {
  return changeAccess(caller, userId, ({ user }) => {
    if (!user.googleSsoEnabled) refuse(absent('identity'));
    return {
      changes: { googleSsoEnabled: false },
      write: unlinkUser,
      audit: 'account.google-unlinked',
    };
  });
}

type AccessChange = {
  readonly changes: Partial<Pick<User, 'twoFactorEnabled' | 'googleSsoEnabled'>>;
  readonly write: typeof disarmUser;
  readonly sweep?: typeof sweepFactors;
  readonly audit: AuditType;
};

async function changeAccess(
  caller: CallerContext,
  userId: string,
  changeOf: (found: Administered) => AccessChange,
): Promise<void> {
  guardCredentials(caller, userId);
  return retryChanged(async () => {
    const found = await findAdministered(caller, userId);
    const { user: before, elsewhere, invitedBy, lacking } = found;
    refuseTakeover(lacking);
    const { changes, write, sweep, audit } = changeOf(found);
    const after = applyChanges(caller, before, changes);
    const event = { type: 'reseller.user.updated', before, after } as const;
    await commit(caller, {
      write: write(caller, after, before.updatedAt),
      aboveBudget: true,
      sweep: (entry) => [...(sweep?.(caller.db, entry, userId) ?? []), cancelInvitations(caller.db, entry, userId)],
      event,
      resellerId: before.resellerId,
      elsewhere: [eventForOtherResellers(event, elsewhere), invitationsCancelled(before, invitedBy)],
      audit: { event: { type: audit, details: { reason: 'administrator' } }, notified: userId },
      subject: userId,
      result: null,
      refused: async () => refuseTakeover((await findAdministered(caller, userId)).lacking),
    });
  });
}

/**
 * A token by which a user may choose a password, for the administrator to hand on; older ones and links are void. Whoever has
 * it can become the user: guarded as above. Refuses `not_found`, `grant_refused`, `recent_sign_in_required`.
 */
export async function createResetToken(caller: CallerContext, userId: string): Promise<string> {
  guardCredentials(caller, userId);
  await requireRecentOfUser(caller);
  const { user, lacking } = await findAdministered(caller, userId);
  refuseTakeover(lacking);
  const { token, tokenHash } = await caller.newOpaqueToken();
  await commit(caller, {
    write: insertResetToken(caller, userId, tokenHash),
    event: null,
    resellerId: user.resellerId,
    audit: { event: { type: 'account.reset-token-created', details: caller.origin } },
    subject: userId,
    result: token,
    refused: async () => refuseTakeover((await findAdministered(caller, userId)).lacking),
  });
  return token;
}

function refuseTakeover(lacking: string | null): void {
  if (lacking !== null) refuse({ kind: 'grant_refused', scope: lacking === '' ? null : (lacking as Scope) });
}
