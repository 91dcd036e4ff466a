import { commit } from '../../db/commit/commit.ts';
import { deleteFactorsWithEntry } from '../../db/factors/factors.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import {
  type AdministeredUser,
  disableUserTwoFactor,
  findAdministeredUser,
  insertResetToken,
  unlinkUserIdentities,
} from '../../db/users/administer.ts';
import { cancelInvitationsWithEntry } from '../../db/users/membership.ts';
import type { Scope } from '../../model/clients/scope.ts';
import type { AuditType } from '../../model/events/audit.ts';
import { absent, refuse } from '../../model/failure.ts';
import type { User } from '../../model/users/user.ts';
import { guardCredentials } from '../factors/credential-guard.ts';
import { requireRecentSignInOfUser } from '../factors/recent-sign-in.ts';
import { applyChanges, retryChanged } from '../update.ts';
import { eventForOtherResellers, invitationsCancelled } from './shared-users.ts';

/** Could lead to a takeover, so the caller needs every right of the user. */
export function resetFactors(caller: CallerContext, userId: string): Promise<void> {
  return changeSignIn(caller, userId, ({ factors }) => {
    if (factors === 0) refuse({ kind: 'factor_absent', missing: 'factor' });
    return {
      changes: { twoFactorEnabled: false },
      write: disableUserTwoFactor,
      sweep: deleteFactorsWithEntry,
      audit: 'account.two-factor-disabled',
    };
  });
}

/** Only the user can allow another identity. Guarded as `resetFactors`. */
export function unlinkUserIdentity(caller: CallerContext, userId: string): Promise<void> {
  return changeSignIn(caller, userId, ({ user }) => {
    if (!user.googleSsoEnabled) refuse(absent('identity'));
    return {
      changes: { googleSsoEnabled: false },
      write: unlinkUserIdentities,
      audit: 'account.google-unlinked',
    };
  });
}

type SignInReset = {
  readonly changes: Partial<Pick<User, 'twoFactorEnabled' | 'googleSsoEnabled'>>;
  readonly write: typeof disableUserTwoFactor;
  readonly sweep?: typeof deleteFactorsWithEntry;
  readonly audit: AuditType;
};

async function changeSignIn(
  caller: CallerContext,
  userId: string,
  changeOf: (administered: AdministeredUser) => SignInReset,
): Promise<void> {
  guardCredentials(caller, userId);
  return retryChanged(async () => {
    const administered = await findAdministeredUser(caller, userId);
    const { user: before, otherMemberships, invitedBy, lacking } = administered;
    refuseTakeover(lacking);
    const { changes, write, sweep, audit } = changeOf(administered);
    const after = applyChanges(caller, before, changes);
    const event = { type: 'reseller.user.updated', before, after } as const;
    await commit(caller, {
      write: write(caller, after, before.updatedAt),
      aboveBudget: true,
      sweep: (entry) => [
        ...(sweep?.(caller.db, entry, userId) ?? []),
        cancelInvitationsWithEntry(caller.db, entry, userId),
      ],
      event,
      resellerId: before.resellerId,
      elsewhere: [...eventForOtherResellers(event, otherMemberships), invitationsCancelled(before, invitedBy)],
      audit: { event: { type: audit, details: { reason: 'administrator' } }, notified: userId },
      subject: userId,
      result: null,
      refused: async () => refuseTakeover((await findAdministeredUser(caller, userId)).lacking),
    });
  });
}

/** For the administrator to hand to the user; voids older tokens and links. Guarded as `resetFactors`. */
export async function createResetToken(caller: CallerContext, userId: string): Promise<string> {
  guardCredentials(caller, userId);
  await requireRecentSignInOfUser(caller);
  const { user } = await findEntering(caller, userId);
  const { token, tokenHash } = await caller.newOpaqueToken();
  await commit(caller, {
    write: insertResetToken(caller, userId, tokenHash),
    event: null,
    resellerId: user.resellerId,
    audit: { event: { type: 'account.reset-token-created', details: caller.origin } },
    subject: userId,
    result: token,
    refused: () => findEntering(caller, userId),
  });
  return token;
}

/** Refuses if the caller lacks a right of the user, or if every tenant has disabled the user. */
async function findEntering(caller: CallerContext, userId: string): Promise<AdministeredUser> {
  const found = await findAdministeredUser(caller, userId);
  refuseTakeover(found.lacking);
  if (found.user.disabled && found.otherMemberships.every(({ disabled }) => disabled))
    refuse({ kind: 'user_disabled' });
  return found;
}

function refuseTakeover(lacking: string | null): void {
  if (lacking !== null) refuse({ kind: 'grant_refused', scope: lacking === '' ? null : (lacking as Scope) });
}
