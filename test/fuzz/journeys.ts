import { sha256 } from '../../src/auth/secrets/digest.ts';
import type { Reply } from '../support/api.ts';
import { visitProvider } from '../support/oidc/person.ts';
import { newAuthenticator } from '../support/people/authenticator.ts';
import { VERIFIER } from '../support/people/oauth.ts';
import { codeOf } from '../support/people/signed-up.ts';
import { type Deed, type Journey, Traveller } from './journey.ts';
import { type FuzzScene, PASSWORD } from './scene.ts';

/** Requests of a user to whom all is known, and what succeeds by them. */
export type Way = { readonly go: (scene: FuzzScene) => Journey; readonly reaches: readonly string[] };

/** Of the client that asks users for their consent, in the scene of the pages. */
export const REDIRECT_URI = 'https://app.example.com/cb';

const ENABLED = ['POST /v3/me/2fa-secret', 'POST /v3/me/2fa/enable'];

/** What succeeds only with an answer that no generator guesses, by the fuzz test that it belongs to. */
export const JOURNEYS = {
  v3: {
    code: {
      go: signInByCode,
      reaches: [...ENABLED, 'POST /v3/accounts/login by code', 'DELETE /v3/me/2fa by code'],
    },
    recoveryCode: {
      go: signInByRecoveryCode,
      reaches: [
        ...ENABLED,
        'POST /v3/me/2fa-recovery-codes',
        'POST /v3/accounts/login by recovery code',
        'DELETE /v3/me/2fa by recovery code',
      ],
    },
    provider: {
      go: signInOutside,
      reaches: ['GET /v3/accounts/login-google', 'GET /sign-in/google/callback'],
    },
    forgetful: { go: resetPassword, reaches: [] },
    invitations: { go: answerInvitations, reaches: [] },
  },
  pages: {
    authenticator: {
      go: useAuthenticator,
      reaches: ['POST /account/app', 'POST /account/app/enable', 'POST /sign-in/factor', 'POST /account/app/disable'],
    },
    passkey: {
      go: usePasskey,
      reaches: [
        'POST /account/passkeys/options',
        'POST /account/passkeys',
        'POST /sign-in/passkey/options',
        'POST /sign-in/passkey',
        'POST /account/passkeys/remove',
      ],
    },
    provider: {
      go: signInOutsideOnPage,
      reaches: ['GET /sign-in/google', 'GET /sign-in/google/callback'],
    },
    invitations: { go: answerInvitationsByLink, reaches: [] },
    link: { go: choosePassword, reaches: [] },
    consent: {
      go: consent,
      reaches: ['POST /oauth/consent', 'POST /oauth/token by code', 'GET /oauth/userinfo', 'POST /oauth/userinfo'],
    },
  },
} satisfies Readonly<Record<string, Readonly<Record<string, Way>>>>;

/** What a run of these journeys must have succeeded with at least once. */
export const reachesOf = (journeys: Readonly<Record<string, Way>>): string[] =>
  Object.values(journeys).flatMap(({ reaches }) => reaches);

type Secret = { readonly me: Traveller; readonly secret: string };

/** Uses up the code of the step before this one. */
async function* enable({ people: { careful } }: FuzzScene): AsyncGenerator<Deed, Secret, Reply> {
  const me = new Traveller(careful.authorization);
  const { body } = yield* me.asks('POST', '/v3/me/2fa-secret');
  yield* me.asks('POST', '/v3/me/2fa/enable', { twoFactorCode: codeOf(body.secret, -1) });
  return { me, secret: body.secret };
}

const credentials = ({ reseller, people: { careful } }: FuzzScene) => ({
  accountId: reseller,
  email: careful.email,
  password: PASSWORD,
});

async function* signInByCode(scene: FuzzScene): Journey {
  const { me, secret } = yield* enable(scene);
  const login = { ...credentials(scene), twoFactorCode: codeOf(secret) };
  yield* new Traveller().asks('POST', '/v3/accounts/login', login, 'by code');
  yield* me.asks('DELETE', '/v3/me/2fa', { twoFactorCode: codeOf(secret, 1) }, 'by code');
}

async function* signInByRecoveryCode(scene: FuzzScene): Journey {
  const { me, secret } = yield* enable(scene);
  const { body } = yield* me.asks('POST', '/v3/me/2fa-recovery-codes', { twoFactorCode: codeOf(secret) });
  const [first, second] = body.recoveryCodes;
  const login = { ...credentials(scene), twoFactorRecoveryCode: first };
  yield* new Traveller().asks('POST', '/v3/accounts/login', login, 'by recovery code');
  yield* me.asks('DELETE', '/v3/me/2fa', { twoFactorRecoveryCode: second }, 'by recovery code');
}

/** Where the provider sends the browser that comes to it as the linked user. */
async function backFrom(location: string | null, { people: { linked } }: FuzzScene): Promise<string> {
  const { pathname, search } = await visitProvider(location ?? '', linked.account);
  return pathname + search;
}

async function* signInOutside(scene: FuzzScene): Journey {
  const browser = new Traveller();
  const sent = yield* browser.asks('GET', `/v3/accounts/login-google?accountId=${scene.reseller}`);
  yield* browser.asks('GET', await backFrom(sent.headers.get('Location'), scene));
}

/** Opens the sign-in page and gives the flow that it began. */
async function* begin(browser: Traveller): AsyncGenerator<Deed, string, Reply> {
  return flowIn(yield* browser.asks('GET', '/sign-in'));
}

const flowIn = ({ headers }: Reply) => /[?&]flow=([\w-]+)/.exec(headers.get('Location') ?? '')?.[1] ?? '';

async function* givePassword(browser: Traveller, email: string): AsyncGenerator<Deed, string, Reply> {
  const flow = yield* begin(browser);
  yield* browser.asks('POST', '/sign-in/password', new URLSearchParams({ flow, email, password: PASSWORD }));
  return flow;
}

async function* useAuthenticator({ people: { careful } }: FuzzScene): Journey {
  const [former, browser] = [new Traveller(), new Traveller()];
  yield* givePassword(former, careful.email);
  const { text } = yield* former.asks('POST', '/account/app', new URLSearchParams());
  const [, secret] = /name="secret" value="([^"]+)"/.exec(text) ?? [];
  // Another journey stopped before the end, so that the user has a factor already.
  if (secret === undefined) return;
  yield* former.asks('POST', '/account/app/enable', new URLSearchParams({ secret, code: codeOf(secret, -1) }));
  const flow = yield* givePassword(browser, careful.email);
  yield* browser.asks('POST', '/sign-in/factor', new URLSearchParams({ flow, code: codeOf(secret) }));
  yield* browser.asks('POST', '/account/app/disable', new URLSearchParams({ disable: codeOf(secret, 1) }));
}

async function* usePasskey({ people: { keyholder } }: FuzzScene): Journey {
  const [former, browser] = [new Traveller(), new Traveller()];
  const authenticator = await newAuthenticator('https://edge.localhost');
  yield* givePassword(former, keyholder.email);
  const { body: wanted } = yield* former.asks('POST', '/account/passkeys/options', {});
  const made = await authenticator.create(wanted);
  yield* former.asks('POST', '/account/passkeys', { credential: made, name: 'Laptop' });
  const flow = yield* begin(browser);
  const { body: asked } = yield* browser.asks('POST', `/sign-in/passkey/options?flow=${flow}`, {});
  const credential = await authenticator.get(asked);
  yield* browser.asks('POST', `/sign-in/passkey?flow=${flow}`, { credential });
  yield* browser.asks('POST', '/account/passkeys/remove', new URLSearchParams({ id: made.id }));
}

async function* signInOutsideOnPage(scene: FuzzScene): Journey {
  const browser = new Traveller();
  const flow = yield* begin(browser);
  const sent = yield* browser.asks('GET', `/sign-in/google?flow=${flow}`);
  yield* browser.asks('GET', await backFrom(sent.headers.get('Location'), scene));
}

/** Asks for a token to choose another password by, as the tenant may. */
async function* askForToken({ callers, people: { forgetful } }: FuzzScene): AsyncGenerator<Deed, string, Reply> {
  const tenant = new Traveller(callers['client']);
  const { body } = yield* tenant.asks('POST', `/v3/users/${forgetful.id}/reset-password-token`);
  return body.resetPasswordToken;
}

async function* resetPassword(scene: FuzzScene): Journey {
  const { callers, people } = scene;
  const [tenant, user] = [new Traveller(callers['client']), `/v3/users/${people.forgetful.id}`];
  const { body: sessions } = yield* tenant.asks('GET', `${user}/sessions`);
  for (const { id } of sessions) yield* tenant.asks('DELETE', `${user}/sessions/${id}`);
  const token = yield* askForToken(scene);
  yield* new Traveller().asks('POST', `${user}/reset-password`, { token, newPassword: PASSWORD });
}

async function* choosePassword(scene: FuzzScene): Journey {
  const token = yield* askForToken(scene);
  yield* new Traveller().asks('POST', '/activate/link', { token });
  yield* new Traveller().asks('POST', '/activate/password', { token, password: PASSWORD });
}

/** Once in a scene: nobody is invited again. */
async function* answerInvitations({ people: { invited } }: FuzzScene): Journey {
  const me = new Traveller(invited.authorization);
  const [accepted, declined] = invited.by.map(({ resellerId }) => `/v3/me/memberships/${resellerId}`);
  yield* me.asks('POST', `${accepted}/accept`);
  yield* me.asks('DELETE', accepted ?? '');
  yield* me.asks('POST', `${declined}/decline`);
}

/** Once in a scene, too. */
async function* answerInvitationsByLink({ people: { invited } }: FuzzScene): Journey {
  const me = new Traveller();
  const answers = ['accept', 'refuse'];
  for (const [index, { token }] of invited.by.entries()) {
    yield* me.asks('GET', `/invitation/${token}`);
    yield* me.asks('POST', `/invitation/${token}`, new URLSearchParams({ answer: answers[index] ?? '' }));
  }
}

/** Lets an application know who the user is, and be told. */
async function* consent({ client, people: { delegating } }: FuzzScene): Journey {
  const [browser, app] = [new Traveller(), new Traveller()];
  const redirect = { client_id: client.id, redirect_uri: REDIRECT_URI };
  const code_challenge = await sha256(VERIFIER);
  const more = { response_type: 'code', scope: 'openid profile email', prompt: 'consent' };
  const asked = new URLSearchParams({ ...redirect, ...more, code_challenge, code_challenge_method: 'S256' });
  const sent = yield* browser.asks('GET', `/oauth/authorize?${asked}`);
  const password = { flow: flowIn(sent), email: delegating.email, password: PASSWORD };
  const entered = yield* browser.asks('POST', '/sign-in/password', new URLSearchParams(password));
  const { text } = yield* browser.asks('GET', entered.headers.get('Location') ?? '');
  const [, question = ''] = /name="question" value="([^"]+)"/.exec(text) ?? [];
  const allowed = new URLSearchParams({ question, answer: 'allow' });
  const answered = yield* browser.asks('POST', '/oauth/consent', allowed);
  const code = /[?&]code=([^&]+)/.exec(answered.headers.get('Location') ?? '')?.[1] ?? '';
  const form = { ...redirect, client_secret: client.secret, grant_type: 'authorization_code', code };
  const exchange = new URLSearchParams({ ...form, code_verifier: VERIFIER });
  const { body } = yield* app.asks('POST', '/oauth/token', exchange, 'by code');
  const bearer = new Traveller(`Bearer ${body.access_token}`);
  for (const method of ['GET', 'POST']) yield* bearer.asks(method, '/oauth/userinfo');
}
