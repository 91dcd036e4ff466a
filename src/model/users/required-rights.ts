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

export type Standing = {
  readonly roles: readonly Role[];
  /** v3's `role`; counts in the primary tenant only. */
  readonly role: string;
  readonly organization: { readonly id: string } | null;
  /** Allows sign-in without `account.user`. */
  readonly portalAccess: boolean;
};

export const GUEST = { role: '', organization: null, portalAccess: false } as const;
const NO_STANDING: Standing = { ...GUEST, roles: [] };

/** Callers grant only rights they hold, and revoke only where they administer users. */
export function requiredForChange(before: Standing | null, after: Standing): RequiredRights {
  const given = givenBy(before ?? NO_STANDING, after);
  const taken = takenBy(before ?? NO_STANDING, after);
  return { tenant: [...given.tenant, ...taken.tenant], organization: [...given.organization, ...taken.organization] };
}

export function requiredForRemoval(before: Standing): RequiredRights {
  return takenBy(before, NO_STANDING);
}

export function givenBy(before: Standing, after: Standing): RequiredRights {
  const roles = after.roles.filter((role) => !before.roles.includes(role));
  const word = after.role === before.role ? '' : after.role;
  const led = ledBy(after);
  return {
    tenant: scopesOf(roles, word),
    organization: led !== null && led !== ledBy(before) ? USER_ADMIN_SCOPES : [],
  };
}

function takenBy(before: Standing, after: Standing): RequiredRights {
  const roles = before.roles.filter((role) => !after.roles.includes(role));
  const losesWord = before.role !== after.role;
  const locksOut = enters(before) && !enters(after);
  const losesRights = (locksOut && scopesOf(before.roles).length > 0) || scopesOf(roles).length > 0;
  const demotesAdmin =
    before.role === RESELLER_ADMIN && (losesWord || losesRights || locksOut || roles.includes(SIGN_IN_ROLE));
  return {
    tenant: [...(losesRights ? USER_ADMIN_SCOPES : []), ...(demotesAdmin ? RESELLER_ADMIN_SCOPES : [])],
    organization: ledBy(before) !== null && (locksOut || ledBy(after) !== ledBy(before)) ? USER_ADMIN_SCOPES : [],
  };
}

function enters({ roles, organization, portalAccess }: Standing): boolean {
  return roles.includes(SIGN_IN_ROLE) || (organization !== null && portalAccess);
}

function ledBy({ role, organization }: Standing): string | null {
  return role === ORGANIZATION_ADMIN ? (organization?.id ?? null) : null;
}
