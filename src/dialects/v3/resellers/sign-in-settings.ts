import * as v from 'valibot';
import { getSignInSettings, setSignInSettings } from '../../../domain/sign-in/settings.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { HostName } from '../../../model/fields.ts';
import { GOOGLE_SIGN_INS, type SignInSettings as Settings } from '../../../model/sign-in/settings.ts';
import { ResellerPath } from './schemas.ts';

const domainDescription = 'The Google Workspace domain that accounts at Google have to belong to; null: any account.';
const googleSignIn = v.pipe(
  v.picklist(GOOGLE_SIGN_INS),
  v.description(
    'How accounts at Google are linked. automatic: at the first sign-in, where Google manages the address; else, and with confirmed, once the user confirms with a password or passkey. off: not at all, and those linked do not sign in.',
  ),
);
const requireTwoFactor = v.pipe(
  v.boolean(),
  v.description('Whether a user without a second factor reaches only /v3/me and the account page.'),
);
export const NewSignInSettings = v.object({
  googleHostedDomain: v.pipe(v.nullable(HostName), v.description(domainDescription)),
  googleSignIn: v.optional(googleSignIn, 'automatic'),
  requireTwoFactor,
});
export const SignInSettings = v.object({ googleHostedDomain: v.nullable(v.string()), googleSignIn, requireTwoFactor });

const facts = { tag: 'Sign-in', path: '/resellers/:resellerId/sign-in-settings', params: ResellerPath } as const;
const toSettings = (settings: Settings): v.InferInput<typeof SignInSettings> => settings;

export const signInSettings = [
  route(
    {
      ...facts,
      method: 'GET',
      scope: 'client:read',
      id: 'getSignInSettings',
      summary: 'Get the sign-in rules of a reseller',
      returns: [200, SignInSettings],
      present: toSettings,
      fails: [absent('reseller')],
    },
    (caller, { params }) => getSignInSettings(caller, params.resellerId),
  ),
  route(
    {
      ...facts,
      method: 'PUT',
      scope: 'client:write',
      id: 'setSignInSettings',
      summary: 'Set the sign-in rules of a reseller; they apply from the next request',
      body: NewSignInSettings,
      returns: [200, SignInSettings],
      present: toSettings,
      fails: [absent('reseller')],
    },
    (caller, { params, body }) => setSignInSettings(caller, params.resellerId, body),
  ),
];
