import { refreshSession } from '../../domain/sessions/refresh.ts';
import { signIn } from '../../domain/sign-in/sign-in.ts';
import { FORM } from '../../http/body.ts';
import { SIGN_IN } from '../../http/rate-limits/policies.ts';
import { openRoute } from '../../http/routes/open-route.ts';
import { refuse } from '../../model/failure.ts';
import type { SessionTokens } from '../../model/sessions/session.ts';
import { TokenRequest, Tokens as WireTokens } from './token-schemas.ts';

const HOME = { resellerId: null, nameKey: null };

const toTokens = ({ accessToken, refreshToken, expiresInSeconds }: SessionTokens) => ({
  access_token: accessToken,
  token_type: 'bearer' as const,
  expires_in: expiresInSeconds,
  refresh_token: refreshToken,
});

export const token = [
  openRoute(
    {
      method: 'POST',
      path: '/token',
      // The path of the original API.
      alias: '/token',
      id: 'createToken',
      tag: 'Token',
      summary: 'Sign in by username and password, or refresh the tokens of a sign-in',
      body: TokenRequest,
      limit: SIGN_IN,
      mediaTypes: [FORM],
      returns: [200, WireTokens],
      present: toTokens,
      fails: [{ kind: 'sign_in_failed' }, { kind: 'factor_required' }],
      raises: ['account.logged-in'],
    },
    async (anonymous, { body }) => {
      if (body.grant_type === 'refresh_token') {
        const refreshed = await refreshSession(anonymous, body.refresh_token, null);
        return refreshed ?? refuse({ kind: 'sign_in_failed' });
      }
      const { username: email, password, two_factor_code: code, two_factor_recovery_code: recoveryCode } = body;
      return (await signIn(anonymous, HOME, { email, password, code, recoveryCode })).tokens;
    },
  ),
];
