import {
  ORGANIZATION_ADMIN,
  RESELLER_ADMIN,
  RESELLER_ADMIN_SCOPES,
  type Role,
  SIGN_IN_ROLE,
  scopesOf,
  USER_ADMIN_SCOPES,
} from './role.ts';
import type { Scope } from './scope.ts';

/** The rights that a change requires its caller to hold: in the whole tenant, and at least in the user's organization. */
export type RequiredRights = { readonly tenant: readonly Scope[]; readonly organization: readonly Scope[] };

/** What gives a user rights in a tenant. */
export type Standing = {
  readonly roles: readonly Role[];
  /** v3's `role`, which carries rights at home only. */
  readonly role: string;
  readonly organization: { readonly id: string } | null;
};

const NO_STANDING: Standing = { roles: [], role: '', organization: null };

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
  const locksOut = roles.includes(SIGN_IN_ROLE) && scopesOf(before.roles).length > 0;
  const losesRights = locksOut || scopesOf(roles).length > 0;
  const demotesAdmin = before.role === RESELLER_ADMIN && (losesWord || losesRights || roles.includes(SIGN_IN_ROLE));
  return {
    tenant: [...(losesRights ? USER_ADMIN_SCOPES : []), ...(demotesAdmin ? RESELLER_ADMIN_SCOPES : [])],
    organization: ledBy(before) !== null && losesWord ? USER_ADMIN_SCOPES : [],
  };
}

/** The organization whose users are administered by this standing; null: none. */
function ledBy({ role, organization }: Standing): string | null {
  return role === ORGANIZATION_ADMIN ? (organization?.id ?? null) : null;
}
