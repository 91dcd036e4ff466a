export const SCOPES = [
  'reseller:read',
  'reseller:write',
  'reseller:user:create',
  'reseller:user:read',
  'reseller:user:update',
  'reseller:user:delete',
  'reseller:organization:create',
  'reseller:organization:read',
  'reseller:organization:update',
  'reseller:organization:delete',
  'webhook:read',
  'webhook:write',
  'event:read',
  'audit:read',
  'client:read',
  'client:write',
  'branding:write',
  'status:publish',
  'storage:read',
  'storage:write',
  'operations:read',
] as const;

export type Scope = (typeof SCOPES)[number];

export const SELF = 'self';
export const ANYONE = 'anyone';
export type Access = Scope | typeof SELF | typeof ANYONE;

export function isScope(access: Access): access is Scope {
  return access !== SELF && access !== ANYONE;
}

/** An API client made by an application would outlive the consent. */
export const NON_DELEGABLE_SCOPES: ReadonlySet<Scope> = new Set(['client:write']);

export const CREDENTIAL_SCOPES: ReadonlySet<Scope> = new Set(['reseller:user:update', 'client:write']);

const OPERATOR_ONLY: ReadonlySet<Scope> = new Set(['reseller:write', 'operations:read']);

/** Null: the operator. */
export function availableScopes(reseller: string | null): readonly Scope[] {
  return reseller === null ? SCOPES : SCOPES.filter((scope) => !OPERATOR_ONLY.has(scope));
}

export function readScopes(text: string, reseller: string | null): ReadonlySet<Scope> {
  const requested = new Set(text.split(' '));
  return new Set(availableScopes(reseller).filter((scope) => requested.has(scope)));
}

/** Null: unrestricted. */
export function intersectScopes(scope: string | null, to: string | null): string | null {
  if (scope === null || to === null) return scope ?? to;
  const allowed = new Set(to.split(' '));
  return scope
    .split(' ')
    .filter((name) => allowed.has(name))
    .join(' ');
}
