/** What a client may ask for beside rights: to know who somebody is (OpenID Connect Core 1.0 §5.4). */
export const IDENTITY_SCOPES = ['openid', 'email', 'profile'] as const;

/** Those of a space-separated `scope`; without `openid` there are none, since they belong to what it asks for. */
export function readIdentity(scope: string): readonly string[] {
  const asked = new Set(scope.split(' '));
  return asked.has('openid') ? IDENTITY_SCOPES.filter((name) => asked.has(name)) : [];
}
