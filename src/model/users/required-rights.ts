import type { Scope } from '../clients/scope.ts';
import {
  ORGANIZATION_ADMIN,
  RESELLER_ADMIN,
  RESELLER_ADMIN_SCOPES,
  type Role,
  SIGN_IN_ROLE,
  scopesOf,
  USER_ADMIN_SCOPES,
} from './role.ts';

export type RequiredRights = { readonly tenant: readonly Scope[]; readonly organization: readonly Scope[] };

export type MembershipRights = {
  readonly roles: readonly Role[];
  /** v3's `role`; counts in the primary tenant only. */
  readonly role: string;
  readonly organization: { readonly id: string } | null;
  readonly portalAccess: boolean;
  /** Gives none of them, until it is enabled again. */
  readonly disabled: boolean;
};

export const GUEST_MEMBERSHIP = { role: '', organization: null, portalAccess: false, disabled: false } as const;
const NO_MEMBERSHIP: MembershipRights = { ...GUEST_MEMBERSHIP, roles: [] };

/** Callers grant only rights they hold, and revoke only where they administer users. */
export function requiredForChange(before: MembershipRights | null, after: MembershipRights): RequiredRights {
  const granted = rightsGained(before ?? NO_MEMBERSHIP, after);
  const revoked = requiredForRevocation(before ?? NO_MEMBERSHIP, after);
  return {
    tenant: [...granted.tenant, ...revoked.tenant],
    organization: [...granted.organization, ...revoked.organization],
  };
}

export function requiredForRemoval(before: MembershipRights): RequiredRights {
  return requiredForRevocation(before, NO_MEMBERSHIP);
}

export function rightsGained(former: MembershipRights, after: MembershipRights): RequiredRights {
  const before = former.disabled && !after.disabled ? NO_MEMBERSHIP : former;
  const roles = after.roles.filter((role) => !before.roles.includes(role));
  const newRole = after.role === before.role ? '' : after.role;
  const administered = administeredOrganization(after);
  return {
    tenant: scopesOf(roles, newRole),
    organization: administered !== null && administered !== administeredOrganization(before) ? USER_ADMIN_SCOPES : [],
  };
}

function requiredForRevocation(before: MembershipRights, next: MembershipRights): RequiredRights {
  const after = next.disabled && !before.disabled ? NO_MEMBERSHIP : next;
  const roles = before.roles.filter((role) => !after.roles.includes(role));
  const roleChanges = before.role !== after.role;
  const locksOut = canSignIn(before) && !canSignIn(after);
  const losesRights = (locksOut && scopesOf(before.roles).length > 0) || scopesOf(roles).length > 0;
  const demotesAdmin =
    before.role === RESELLER_ADMIN && (roleChanges || losesRights || locksOut || roles.includes(SIGN_IN_ROLE));
  return {
    tenant: [...(losesRights ? USER_ADMIN_SCOPES : []), ...(demotesAdmin ? RESELLER_ADMIN_SCOPES : [])],
    organization:
      administeredOrganization(before) !== null &&
      (locksOut || administeredOrganization(after) !== administeredOrganization(before))
        ? USER_ADMIN_SCOPES
        : [],
  };
}

function canSignIn({ roles, organization, portalAccess }: MembershipRights): boolean {
  return roles.includes(SIGN_IN_ROLE) || (organization !== null && portalAccess);
}

function administeredOrganization({ role, organization }: MembershipRights): string | null {
  return role === ORGANIZATION_ADMIN ? (organization?.id ?? null) : null;
}
