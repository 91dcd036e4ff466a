import type { Role } from './role.ts';
import type { User } from './user.ts';

/** A user as one of the resellers that it belongs to sees it; `resellerId` is its own, the primary tenant. */
export type Member = Omit<User, 'roles'> & { readonly roles: readonly Role[] };
