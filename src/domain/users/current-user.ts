import type { Call } from '../../db/sql/call.ts';
import { findSelf } from '../../db/users/current-user.ts';
import type { User } from '../../model/users/user.ts';
import { seenAt } from './shared-users.ts';

/** The signed-in user as the reseller that it acts in sees it. */
export async function getSelf(call: Call): Promise<User> {
  const { user, lastLoginAt } = await findSelf(call);
  return { ...seenHere(call, user), lastLoginAt };
}

/** A user as the caller's reseller sees it. */
export function seenHere({ actor }: Pick<Call, 'actor'>, user: User): User {
  return seenAt(actor.reseller ?? user.resellerId, { ...user, roles: [] });
}
