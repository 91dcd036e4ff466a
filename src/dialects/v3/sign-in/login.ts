import { type StartedSession, signIn } from '../../../domain/sign-in/sign-in.ts';
import { SIGN_IN } from '../../../http/rate-limits/policies.ts';
import { openRoute } from '../../../http/routes/open-route.ts';
import { foldCase } from '../../../model/fields.ts';
import { Login, LoginTokens } from './schemas.ts';

const toLoginTokens = ({ tokens: { accessToken, refreshToken, expiresInSeconds } }: StartedSession) => ({
  accessToken,
  refreshToken,
  expiresIn: expiresInSeconds,
});

export const login = [
  openRoute(
    {
      method: 'POST',
      path: '/accounts/login',
      id: 'login',
      tag: 'Sign-in',
      summary: 'Sign in by e-mail address and password and, where the user has one, a second factor',
      body: Login,
      limit: SIGN_IN,
      returns: [200, LoginTokens],
      present: toLoginTokens,
      fails: [{ kind: 'sign_in_failed' }, { kind: 'factor_required' }],
      raises: ['account.logged-in'],
    },
    (anonymous, { body }) => {
      const { accountId, accountAlias, email, password, twoFactorCode, twoFactorRecoveryCode } = body;
      const nameKey = accountAlias === undefined ? null : foldCase(accountAlias);
      return signIn(
        anonymous,
        { resellerId: accountId ?? null, nameKey },
        { email, password, code: twoFactorCode, recoveryCode: twoFactorRecoveryCode },
      );
    },
  ),
];
