import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import type { User } from '../../model/users/user.ts';
import { listConsents, type ShownConsent } from '../clients/consents.ts';
import { listSessions, type ShownSession } from '../sessions/sessions.ts';
import { listOwnMemberships, type OwnMembership } from '../users/own-memberships.ts';
import { listPasskeys, type Passkey } from './own-passkeys.ts';

/** Somebody signed in, with all that a person may change of how that is done. */
export type Account = {
  readonly user: User;
  readonly hasPassword: boolean;
  readonly totp: boolean;
  /** See `Self`. */
  readonly unlinked: boolean;
  readonly passkeys: readonly Passkey[];
  readonly sessions: readonly ShownSession[];
  readonly consents: readonly ShownConsent[];
  readonly memberships: readonly OwnMembership[];
};

/** The caller's account. Refuses `token_invalid` where the session is over. */
export async function readAccount(caller: CallerContext): Promise<Account> {
  const [self, passkeys, sessions, consents, memberships] = await Promise.all([
    findCurrentUser(caller),
    listPasskeys(caller),
    listSessions(caller),
    listConsents(caller),
    listOwnMemberships(caller),
  ]);
  const { user, passwordHash, totp, unlinked } = self;
  return {
    user,
    hasPassword: passwordHash !== null,
    totp: totp !== null && totp.confirmedAt !== null,
    unlinked,
    passkeys,
    sessions,
    consents,
    memberships,
  };
}
