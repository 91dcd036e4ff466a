import { disarmUser, findAdministered, insertResetToken } from '../db/administering.ts';
import type { Call } from '../db/call.ts';
import { commit } from '../db/commit.ts';
import { sweepFactors } from '../db/factors.ts';
import { cancelInvitations } from '../db/membership.ts';
import { refuse } from '../model/failure.ts';
import type { Scope } from '../model/scope.ts';
import { guardCredentials } from './credential-guard.ts';
import { heardElsewhere, invitationsCancelled } from './elsewhere.ts';
import { requireRecentOfUser } from './recent-sign-in.ts';
import { changed, retryChanged } from './update.ts';

/**
 * Takes every second factor of a user away who has lost them. As this is half the way to becoming the user, each right that
 * it has anywhere must be the caller's. Refuses `not_found`, `factor_absent`, `grant_refused`
 * and what `guardCredentials` does.
 */
export async function resetFactors(call: Call, userId: string): Promise<void> {
  guardCredentials(call, userId);
  return retryChanged(async () => {
    const { user: before, elsewhere, invitedBy, factors, lacking } = await findAdministered(call, userId);
    refuseTakeover(lacking);
    if (factors === 0) refuse({ kind: 'factor_absent', missing: 'factor' });
    const after = changed(call, before, { twoFactorEnabled: false });
    const event = { type: 'reseller.user.updated', before, after } as const;
    await commit(call, {
      write: disarmUser(call, after, { readAt: before.updatedAt }),
      aboveBudget: true,
      sweep: (entry) => [...sweepFactors(call.session, entry, userId), cancelInvitations(call.session, entry, userId)],
      event,
      resellerId: before.resellerId,
      elsewhere: [heardElsewhere(event, elsewhere), invitationsCancelled(before, invitedBy)],
      audit: { event: { type: 'account.two-factor-disabled', details: { reason: 'administrator' } }, notified: userId },
      subject: userId,
      result: null,
      refused: async () => refuseTakeover((await findAdministered(call, userId)).lacking),
    });
  });
}

/**
 * A token by which a user may choose a password, for the administrator to hand on; older ones and links are void. Whoever has
 * it can become the user: guarded as above. Refuses `not_found`, `grant_refused`, `recent_sign_in_required`.
 */
export async function createResetToken(call: Call, userId: string): Promise<string> {
  guardCredentials(call, userId);
  await requireRecentOfUser(call);
  const { user, lacking } = await findAdministered(call, userId);
  refuseTakeover(lacking);
  const { token, tokenHash } = await call.newOpaqueToken();
  await commit(call, {
    write: insertResetToken(call, userId, tokenHash),
    event: null,
    resellerId: user.resellerId,
    audit: { event: { type: 'account.reset-token-created', details: call.origin } },
    subject: userId,
    result: token,
    refused: async () => refuseTakeover((await findAdministered(call, userId)).lacking),
  });
  return token;
}

function refuseTakeover(lacking: string | null): void {
  if (lacking !== null) refuse({ kind: 'grant_refused', scope: lacking === '' ? null : (lacking as Scope) });
}
