import type { Call } from '../db/call.ts';
import { findSelf } from '../db/self.ts';
import { endOwnSessions } from '../db/user-sessions.ts';
import type { User } from '../model/user.ts';
import { listOwnMemberships, type OwnMembership } from './own-memberships.ts';
import { listPasskeys, type Passkey } from './own-passkeys.ts';
import { listSessions, type ShownSession } from './sessions.ts';

/** Somebody signed in, with all that a person may change of how that is done. */
export type Account = {
  readonly user: User;
  readonly hasPassword: boolean;
  readonly totp: boolean;
  readonly passkeys: readonly Passkey[];
  readonly sessions: readonly ShownSession[];
  readonly memberships: readonly OwnMembership[];
};

/** The caller's account. Refuses `token_invalid` where the session is over. */
export async function readAccount(call: Call): Promise<Account> {
  const [self, passkeys, sessions, memberships] = await Promise.all([
    findSelf(call),
    listPasskeys(call),
    listSessions(call),
    listOwnMemberships(call),
  ]);
  const { user, passwordHash, totp } = self;
  return {
    user,
    hasPassword: passwordHash !== null,
    totp: totp !== null && totp.confirmedAt !== null,
    passkeys,
    sessions,
    memberships,
  };
}

/** Ends every session of the caller but the one that the request came by. */
export async function endOtherSessions(call: Call): Promise<void> {
  const others = (await listSessions(call)).filter(({ current }) => !current);
  if (others.length === 0) return;
  await endOwnSessions(
    call,
    others.map(({ id }) => id),
  );
}
