/** Rights as they stand in a token's `scope` claim (contracts: common, Scopes). */
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

/** What a route is open to where no scope is asked for: the signed-in user whom it is about, or anybody. */
export const SELF = 'self';
export const ANYONE = 'anyone';
export type Access = Scope | typeof SELF | typeof ANYONE;

/** Whether a route asks for a scope. */
export function isScope(access: Access): access is Scope {
  return access !== SELF && access !== ANYONE;
}

/** Rights that no application has in a user's name: an API client that it made would outlive the consent. */
export const UNDELEGATED: ReadonlySet<Scope> = new Set(['client:write']);

/** Rights by which their holder makes credentials, of users or of API clients. */
export const CREDENTIAL_SCOPES: ReadonlySet<Scope> = new Set(['reseller:user:update', 'client:write']);

const OPERATOR_ONLY: ReadonlySet<Scope> = new Set(['reseller:write', 'operations:read']);

/** The scopes that a credential of this reseller (null: of the operator) may hold at all. */
export function scopesWithin(reseller: string | null): readonly Scope[] {
  return reseller === null ? SCOPES : SCOPES.filter((scope) => !OPERATOR_ONLY.has(scope));
}

/** Reads a space-separated `scope` (RFC 6749 §3.3); unknown names and those out of reach are left out. */
export function readScopes(text: string, reseller: string | null): ReadonlySet<Scope> {
  const asked = new Set(text.split(' '));
  return new Set(scopesWithin(reseller).filter((scope) => asked.has(scope)));
}

/** What two lists of scopes share, as the first has it in order; null is a list of everything. */
export function narrowScope(scope: string | null, to: string | null): string | null {
  if (scope === null || to === null) return scope ?? to;
  const kept = new Set(to.split(' '));
  return scope
    .split(' ')
    .filter((name) => kept.has(name))
    .join(' ');
}
