/** OpenID Connect Core 1.0 §5.4. */
export const IDENTITY_SCOPES = ['openid', 'email', 'profile'] as const;

export function readIdentityScopes(scope: string): readonly string[] {
  const requested = new Set(scope.split(' '));
  return requested.has('openid') ? IDENTITY_SCOPES.filter((name) => requested.has(name)) : [];
}
