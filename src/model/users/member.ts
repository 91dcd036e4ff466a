import type { Role } from './role.ts';
import type { User } from './user.ts';

/** `resellerId` is the primary tenant. */
export type Member = Omit<User, 'roles'> & { readonly roles: readonly Role[] };
