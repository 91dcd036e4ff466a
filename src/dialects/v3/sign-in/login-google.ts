import { beginExternalSignIn } from '../../../domain/sign-in/external-sign-in.ts';
import { readOrCreateBrowser } from '../../../http/callers/browser.ts';
import { openProvider } from '../../../http/provider.ts';
import { SIGN_IN } from '../../../http/rate-limits/policies.ts';
import { decode } from '../../../http/routes/decode.ts';
import { redirectRoute } from '../../../http/routes/redirect-route.ts';
import type { RawQuery } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { foldCase } from '../../../model/fields.ts';
import { LoginPlace } from './schemas.ts';

export const loginGoogle = [
  redirectRoute(
    {
      path: '/accounts/login-google',
      id: 'loginGoogle',
      tag: 'Sign-in',
      summary:
        'Sign in with Google: to be opened in a browser, which goes to Google and back, and ends up with what login answers',
      query: { entries: LoginPlace.entries, read: (query: RawQuery) => decode(LoginPlace, query, 'query') },
      limit: SIGN_IN,
      fails: [absent('provider'), { kind: 'provider_unavailable' }],
      raises: ['account.logged-in', 'reseller.user.updated', 'reseller.user.activated'],
    },
    async (context, anonymous, { accountId, accountAlias }) => {
      const provider = openProvider(context);
      const browser = await readOrCreateBrowser(context);
      const nameKey = accountAlias === undefined ? null : foldCase(accountAlias);
      const location = await beginExternalSignIn(anonymous, provider, browser, {
        resellerId: accountId ?? null,
        nameKey,
      });
      return { location, cookie: browser.cookie };
    },
  ),
];
