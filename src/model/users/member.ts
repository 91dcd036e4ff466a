import type { Role } from './role.ts';
import type { MembershipState, User } from './user.ts';

/**
 * A user as one of the resellers that it belongs to sees it: `membership` is how it stands there; `resellerId` is its own, the
 * primary tenant, and `disabled` is how it stands there.
 */
export type Member = Omit<User, 'roles'> & { readonly roles: readonly Role[] };

/** The state of a membership as a member has it, where it deviates. */
export const stateFrom = (state: unknown): { readonly membership?: MembershipState } =>
  state === 'pending' || state === 'disabled' ? { membership: state } : {};
