import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import type { User } from '../../model/users/user.ts';
import { type ConsentView, listConsents } from '../clients/consents.ts';
import { listSessions, type SessionView } from '../sessions/sessions.ts';
import { listOwnMemberships, type OwnMembership } from '../users/own-memberships.ts';
import { listPasskeys, type OwnPasskey } from './own-passkeys.ts';

export type AccountOverview = {
  readonly user: User;
  readonly hasPassword: boolean;
  readonly totp: boolean;
  readonly unlinked: boolean;
  readonly passkeys: readonly OwnPasskey[];
  readonly sessions: readonly SessionView[];
  readonly consents: readonly ConsentView[];
  readonly memberships: readonly OwnMembership[];
};

export async function getAccountOverview(caller: CallerContext): Promise<AccountOverview> {
  const [currentUser, passkeys, sessions, consents, memberships] = await Promise.all([
    findCurrentUser(caller),
    listPasskeys(caller),
    listSessions(caller),
    listConsents(caller),
    listOwnMemberships(caller),
  ]);
  const { user, passwordHash, totp, unlinked } = currentUser;
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
