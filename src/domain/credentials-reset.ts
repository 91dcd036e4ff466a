import type { Call } from '../db/call.ts';
import type { Change } from '../db/commit.ts';
import { resetCredentials } from '../db/credentials-reset.ts';
import type { RequiredRights } from '../model/required-rights.ts';
import type { User } from '../model/user.ts';

/** What a change has to do beside itself, and what it makes of the user. */
export type CredentialsReset = {
  readonly beside: Required<Pick<Change, 'audit' | 'sweep' | 'emails'>>;
  readonly changes: Pick<User, 'twoFactorEnabled' | 'googleSsoEnabled'>;
  readonly mailId: string;
};

/**
 * Another credential set this user's password or address, and may still know how to sign in as the user. Where the user
 * gains a right that this credential lacked, every way to sign in ends, and a link to choose a new password is mailed.
 */
export function resetIfGained(
  call: Call,
  { userId, preparedScopes }: { readonly userId: string; readonly preparedScopes: string | null },
  gained: RequiredRights,
): CredentialsReset | null {
  if (preparedScopes === null) return null;
  const held = new Set(preparedScopes.split(' '));
  if ([...gained.tenant, ...gained.organization].every((scope) => held.has(scope))) return null;
  const { session, actor, requestId, now, origin } = call;
  const mailId = call.newId();
  const given = { userId, mailId, by: actor.name, requestId, now, ...origin };
  return {
    changes: { twoFactorEnabled: false, googleSsoEnabled: false },
    beside: {
      audit: { event: { type: 'account.credentials-reset', details: { reason: 'rights-gained' } } },
      sweep: (entry) => resetCredentials(session, { ...given, entry }),
      emails: 1,
    },
    mailId,
  };
}
