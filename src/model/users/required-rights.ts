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

/** The rights that a change requires its caller to hold: in the whole tenant, and at least in the user's organization. */
export type RequiredRights = { readonly tenant: readonly Scope[]; readonly organization: readonly Scope[] };

/** What gives a user rights in a tenant. */
export type Standing = {
  readonly roles: readonly Role[];
  /** v3's `role`, which carries rights at home only. */
  readonly role: string;
  readonly organization: { readonly id: string } | null;
  /** Lets a user of an organization sign in without `account.user`. */
  readonly portalAccess: boolean;
  /** Gives none of them, until it is enabled again. */
  readonly disabled: boolean;
};

/** What a user has in a tenant that is not its own, beside its roles there. */
export const GUEST = { role: '', organization: null, portalAccess: false, disabled: false } as const;
const NO_STANDING: Standing = { ...GUEST, roles: [] };

/** Callers give only rights that they hold, and take rights away only where they administer users. */
export function requiredForChange(before: Standing | null, after: Standing): RequiredRights {
  const given = givenBy(before ?? NO_STANDING, after);
  const taken = takenBy(before ?? NO_STANDING, after);
  return { tenant: [...given.tenant, ...taken.tenant], organization: [...given.organization, ...taken.organization] };
}

/** Removing a user from a tenant takes all of its rights there. */
export function requiredForRemoval(before: Standing): RequiredRights {
  return takenBy(before, NO_STANDING);
}

/** The rights that a user gains by a change. */
export function givenBy(former: Standing, after: Standing): RequiredRights {
  const before = former.disabled && !after.disabled ? NO_STANDING : former;
  const roles = after.roles.filter((role) => !before.roles.includes(role));
  const word = after.role === before.role ? '' : after.role;
  const led = ledBy(after);
  return {
    tenant: scopesOf(roles, word),
    organization: led !== null && led !== ledBy(before) ? USER_ADMIN_SCOPES : [],
  };
}

function takenBy(before: Standing, next: Standing): RequiredRights {
  const after = next.disabled && !before.disabled ? NO_STANDING : next;
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

/** Whether a user of this standing may sign in, once it has accepted the membership. */
function enters({ roles, organization, portalAccess }: Standing): boolean {
  return roles.includes(SIGN_IN_ROLE) || (organization !== null && portalAccess);
}

/** The organization whose users are administered by this standing; null: none. */
function ledBy({ role, organization }: Standing): string | null {
  return role === ORGANIZATION_ADMIN ? (organization?.id ?? null) : null;
}
