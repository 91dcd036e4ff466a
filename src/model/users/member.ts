import type { Role } from './role.ts';
import type { MembershipState, User } from './user.ts';

/** `resellerId` is the primary tenant; `disabled` is the state there, `membership` the state in the tenant that reads. */
export type Member = Omit<User, 'roles'> & { readonly roles: readonly Role[] };

/** Empty for an accepted, enabled membership. */
export const stateFrom = (state: unknown): { readonly membership?: MembershipState } =>
  state === 'pending' || state === 'disabled' ? { membership: state } : {};
