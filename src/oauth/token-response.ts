import type { SessionTokens } from '../model/sessions/session.ts';

/** RFC 6749 §5.1. */
export function tokenResponse({ accessToken, refreshToken, expiresInSeconds, scope }: SessionTokens) {
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    refresh_token: refreshToken,
    scope,
  };
}
