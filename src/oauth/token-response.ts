import type { SessionTokens } from '../model/sessions/session.ts';

/** What the token endpoint answers with for a user's session (RFC 6749 §5.1). */
export function tokenResponse({ accessToken, refreshToken, expiresInSeconds, scope }: SessionTokens) {
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    refresh_token: refreshToken,
    scope,
  };
}
