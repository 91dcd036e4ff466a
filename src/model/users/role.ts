import { type Scope, scopesWithin } from '../clients/scope.ts';

/** The rights of `user.admin`. */
export const USER_ADMIN_SCOPES = [
  'reseller:user:create',
  'reseller:user:read',
  'reseller:user:update',
  'reseller:user:delete',
] as const;

/**
 * The role keys of the seed `001`, each with the rights that it gives in the tenant where it is held (contracts: accounts,
 * Roles). `account.user` lets its holder sign in, `account.service.status` is a subscription: neither opens a route.
 */
export const ROLE_SCOPES = {
  'account.user': [],
  'user.admin': USER_ADMIN_SCOPES,
  'account.service.status': [],
  'account.storage.admin': ['storage:read', 'storage:write'],
  'branding.admin': ['branding:write'],
  'customer.admin': [
    'reseller:organization:create',
    'reseller:organization:read',
    'reseller:organization:update',
    'reseller:organization:delete',
  ],
  'onboarding.admin': ['client:read', 'client:write'],
  'webhooks.admin': ['webhook:read', 'webhook:write'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

export type Role = keyof typeof ROLE_SCOPES;

/** The role that lets its holder sign in to the tenant's pages. */
export const SIGN_IN_ROLE: Role = 'account.user';
/** The role that is a subscription to status updates. */
export const SUBSCRIBER: Role = 'account.service.status';

/** The keys, in the seed's order. */
export const ROLES = Object.keys(ROLE_SCOPES) as [Role, ...Role[]];

/** The values of a user's v3 `role` that carry rights (contracts: v3, Reseller users); any other carries none. */
export const RESELLER_ADMIN = 'reseller-admin';
export const ORGANIZATION_ADMIN = 'organization-admin';

/** `reseller-admin`: everything in its reseller. */
export const RESELLER_ADMIN_SCOPES: readonly Scope[] = scopesWithin('a reseller');
/** `organization-admin`: the users of its own organization. */
export const ORGANIZATION_ADMIN_SCOPES: readonly Scope[] = USER_ADMIN_SCOPES;

/** The rights in the whole reseller that account roles give, and v3's word beside them. */
export function scopesOf(roles: readonly Role[], word = ''): readonly Scope[] {
  if (word === RESELLER_ADMIN) return RESELLER_ADMIN_SCOPES;
  return [...new Set(roles.flatMap((role): readonly Scope[] => ROLE_SCOPES[role]))];
}

/**
 * The rights of a user in one of its resellers, as a token names them: v3's word counts at home only, and an
 * `organization-admin` of no organization has none.
 */
export function rightsIn(
  tenant: string,
  user: { readonly resellerId: string; readonly role: string; readonly organization: object | null },
  roles: readonly Role[],
): readonly Scope[] {
  const word = user.resellerId === tenant ? user.role : '';
  const confined = word === ORGANIZATION_ADMIN && user.organization !== null ? ORGANIZATION_ADMIN_SCOPES : [];
  return [...new Set([...scopesOf(roles, word), ...confined])];
}

/** The account roles, and v3's words, whose holders have this right. */
export function rolesGiving(scope: Scope): string[] {
  const keys = ROLES.filter((role) => scopesOf([role]).includes(scope));
  const words = RESELLER_ADMIN_SCOPES.includes(scope) ? [RESELLER_ADMIN] : [];
  const confined = ORGANIZATION_ADMIN_SCOPES.includes(scope) ? [ORGANIZATION_ADMIN] : [];
  return [...keys, ...words, ...confined];
}
