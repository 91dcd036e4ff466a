import { availableScopes, type Scope } from '../clients/scope.ts';

export const USER_ADMIN_SCOPES = [
  'reseller:user:create',
  'reseller:user:read',
  'reseller:user:update',
  'reseller:user:delete',
] as const;

/** `account.user` permits sign-in, `account.service.status` is a subscription. */
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

export const SIGN_IN_ROLE: Role = 'account.user';
export const SUBSCRIBER_ROLE: Role = 'account.service.status';

export const ROLES = Object.keys(ROLE_SCOPES) as [Role, ...Role[]];

export const RESELLER_ADMIN = 'reseller-admin';
export const ORGANIZATION_ADMIN = 'organization-admin';

export const RESELLER_ADMIN_SCOPES: readonly Scope[] = availableScopes('a reseller');
export const ORGANIZATION_ADMIN_SCOPES: readonly Scope[] = USER_ADMIN_SCOPES;

export function scopesOf(roles: readonly Role[], userRole = ''): readonly Scope[] {
  if (userRole === RESELLER_ADMIN) return RESELLER_ADMIN_SCOPES;
  return [...new Set(roles.flatMap((role): readonly Scope[] => ROLE_SCOPES[role]))];
}

/** v3's `role` counts in the primary tenant only. */
export function scopesInTenant(
  tenant: string,
  user: { readonly resellerId: string; readonly role: string; readonly organization: object | null },
  roles: readonly Role[],
): readonly Scope[] {
  const userRole = user.resellerId === tenant ? user.role : '';
  const organizationRoles =
    userRole === ORGANIZATION_ADMIN && user.organization !== null ? ORGANIZATION_ADMIN_SCOPES : [];
  return [...new Set([...scopesOf(roles, userRole), ...organizationRoles])];
}

export function rolesGranting(scope: Scope): string[] {
  const keys = ROLES.filter((role) => scopesOf([role]).includes(scope));
  const userRoles = RESELLER_ADMIN_SCOPES.includes(scope) ? [RESELLER_ADMIN] : [];
  const organizationRoles = ORGANIZATION_ADMIN_SCOPES.includes(scope) ? [ORGANIZATION_ADMIN] : [];
  return [...keys, ...userRoles, ...organizationRoles];
}
