import type { CallerContext } from '../../db/sql/caller-context.ts';
import { findCurrentUser } from '../../db/users/current-user.ts';
import type { User } from '../../model/users/user.ts';
import { viewFor } from './shared-users.ts';

export async function getCurrentUser(caller: CallerContext): Promise<User> {
  const { user, lastLoginAt } = await findCurrentUser(caller);
  return { ...viewForCaller(caller, user), lastLoginAt };
}

export function viewForCaller({ actor }: Pick<CallerContext, 'actor'>, user: User): User {
  return viewFor(actor.reseller ?? user.resellerId, { ...user, roles: [] });
}
