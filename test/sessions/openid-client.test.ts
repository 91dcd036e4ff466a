import { exports } from 'cloudflare:workers';
import * as oidc from 'openid-client';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Json, send } from '../support/api.ts';
import { answer, type Delegation, framed, makeDelegation, PLAIN_URI, signInAt } from '../support/people/oauth.ts';
import { newBrowser, type PageBrowser } from '../support/people/page-browser.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const fetchHere: oidc.CustomFetch = (url, options) =>
  exports.default.fetch(new Request(url, options as RequestInit)) as Promise<Response>;

/** A client that knows nothing but the issuer and its own credentials. */
const discover = ({ client: { id, secret } }: Delegation, authentication = oidc.ClientSecretBasic(secret)) =>
  oidc.discovery(new URL('https://edge.localhost'), id, { client_secret: secret }, authentication, {
    [oidc.customFetch]: fetchHere,
    algorithm: 'oidc',
  });

/** Goes by way of the pages and gives what a client makes of the answer. */
async function authenticate(
  of: Delegation,
  config: oidc.Configuration,
  asked: Record<string, string> = {},
  browser: PageBrowser = newBrowser(),
) {
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: PLAIN_URI,
    scope: 'openid email profile webhook:read',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...asked,
  });
  const ask = asked['prompt'] === 'none' ? framed : (by: PageBrowser, path: string) => by.get(path);
  let page = await ask(browser, url.pathname + url.search);
  if (page.location?.startsWith('/sign-in')) page = await signInAt(browser, page, of.email);
  if (page.location === null) page = await answer(browser, page, 'allow');
  return { checks, back: new URL(page.location!), browser };
}

test('a client that knows the issuer signs a user in and acts for it', async () => {
  const of = await makeDelegation();
  for (const authentication of [oidc.ClientSecretBasic, oidc.ClientSecretPost]) {
    const config = await discover(of, authentication(of.client.secret));
    expect(config.serverMetadata().supportsPKCE()).toBe(true);
    const { checks, back } = await authenticate(of, config);
    const tokens = await oidc.authorizationCodeGrant(config, back, checks);
    expect(tokens.scope).toBe('openid email profile webhook:read');
    const [session] = await rows(
      'select created_at from sessions where user_id = ? and cookie_hash is not null order by id desc',
      of.userId,
    );
    expect(tokens.claims()).toEqual({
      ...{ iss: 'https://edge.localhost', sub: of.userId, aud: of.client.id, nonce: checks.expectedNonce },
      ...{
        email: of.email,
        email_verified: false,
        name: 'Ada Brightwater',
        given_name: 'Ada',
        family_name: 'Brightwater',
        locale: 'en',
      },
      ...{
        amr: ['pwd'],
        auth_time: Math.floor(session.created_at / 1000),
        at_hash: expect.stringMatching(/^[\w-]{22}$/),
      },
      ...{ iat: expect.any(Number), exp: expect.any(Number) },
    });
    const claims = tokens.claims()!;
    expect(claims.exp - claims.iat).toBe(300);
    const info = await oidc.fetchUserInfo(config, tokens.access_token, of.userId);
    expect(info).toEqual({
      ...{ sub: of.userId, email: of.email, email_verified: false },
      ...{ name: 'Ada Brightwater', given_name: 'Ada', family_name: 'Brightwater', locale: 'en' },
    });
    const api = await oidc.fetchProtectedResource(
      config,
      tokens.access_token,
      new URL('https://edge.localhost/v3/webhooks'),
      'GET',
    );
    expect(api.status).toBe(200);
    const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token!);
    await oidc.tokenRevocation(config, fresh.refresh_token!);
    await expect(oidc.fetchUserInfo(config, fresh.access_token, of.userId)).rejects.toThrow();
  }
});

test('the ID token says how and when the user signed in, and no more than was asked for', async () => {
  const of = await makeDelegation();
  const config = await discover(of);
  const { checks, back, browser } = await authenticate(of, config, { scope: 'openid', max_age: '1000' });
  const tokens = await oidc.authorizationCodeGrant(config, back, { ...checks, maxAge: 1000 });
  expect(tokens.claims()).not.toHaveProperty('email');
  expect(tokens.claims()).not.toHaveProperty('name');
  expect(tokens.claims()).toMatchObject({ amr: ['pwd'] });
  await rows(`update sessions set methods = '["pwd","otp"]' where user_id = ?`, of.userId);
  const again = await authenticate(of, config, { scope: 'openid' }, browser);
  const second = await oidc.authorizationCodeGrant(config, again.back, again.checks);
  expect(second.claims()).toMatchObject({ amr: ['pwd', 'otp', 'mfa'], auth_time: tokens.claims()?.auth_time });
});

describe('a client notices', () => {
  test.each<[string, (url: URL) => void]>([
    ['another state', (url) => url.searchParams.set('state', 'x')],
    ['no state', (url) => url.searchParams.delete('state')],
    ['another issuer', (url) => url.searchParams.set('iss', 'https://evil.example')],
    ['no issuer', (url) => url.searchParams.delete('iss')],
    ['another code', (url) => url.searchParams.set('code', 'x')],
  ])('%s', async (_, change) => {
    const of = await makeDelegation();
    const config = await discover(of);
    const { checks, back } = await authenticate(of, config);
    change(back);
    await expect(oidc.authorizationCodeGrant(config, back, checks)).rejects.toThrow();
  });

  test('another nonce, and another verifier', async () => {
    const of = await makeDelegation();
    const config = await discover(of);
    const { checks, back } = await authenticate(of, config);
    const verifier = { ...checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
    await expect(oidc.authorizationCodeGrant(config, back, verifier)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.authorizationCodeGrant(config, back, { ...checks, expectedNonce: 'x' })).rejects.toThrow(
      'claim value',
    );
  });

  test('a code that was used before', async () => {
    const of = await makeDelegation();
    const config = await discover(of);
    const { checks, back } = await authenticate(of, config);
    const tokens = await oidc.authorizationCodeGrant(config, back, checks);
    await expect(oidc.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.fetchUserInfo(config, tokens.access_token, of.userId)).rejects.toThrow();
  });

  test('that a user must be asked who must not be', async () => {
    const of = await makeDelegation();
    const config = await discover(of);
    const { checks, back } = await authenticate(of, config, { prompt: 'none' });
    await expect(oidc.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({ error: 'login_required' });
  });
});

test('who a user is, is told whoever may know it', async () => {
  const of = await makeDelegation();
  const config = await discover(of);
  const { checks, back } = await authenticate(of, config);
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  const ask = async (token: string, method = 'POST') => {
    const reply = await send(method, '/oauth/userinfo', {
      headers: token === '' ? {} : { Authorization: `Bearer ${token}` },
    });
    return [reply.status, reply.headers.get('WWW-Authenticate')];
  };
  expect(await ask(tokens.access_token)).toEqual([200, null]);
  expect(await ask('')).toEqual([401, 'Bearer']);
  expect(await ask('x')).toEqual([401, 'Bearer error="invalid_token"']);
  expect(await ask(tokens.id_token!)).toEqual([401, 'Bearer error="invalid_token"']);
  const openid = 'Bearer error="insufficient_scope", scope="openid"';
  expect(await ask(of.api.token)).toEqual([403, openid]);
  const less = await oidc.refreshTokenGrant(config, tokens.refresh_token!, { scope: 'webhook:read email' });
  expect(await ask(less.access_token)).toEqual([403, openid]);
  await rows('update api_clients set revoked_at = 1 where id = ?', of.client.id);
  expect(await ask(tokens.access_token)).toEqual([401, 'Bearer error="invalid_token"']);
});

test('both metadata documents say the same, and what they say is so', async () => {
  const [oauth, openid] = await Promise.all(
    ['oauth-authorization-server', 'openid-configuration'].map((name) => send('GET', `/.well-known/${name}`)),
  );
  expect(openid!.body).toEqual(oauth!.body);
  const said: Record<string, Json> = openid!.body;
  expect(said).toMatchObject({
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
    grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
    scopes_supported: expect.arrayContaining(['openid', 'email', 'profile', 'webhook:read']),
  });
  const keys = (await send('GET', new URL(said['jwks_uri']).pathname)).body.keys;
  expect(keys.map(({ alg }: Json) => alg)).toContain(said['id_token_signing_alg_values_supported'][0]);
  for (const name of ['authorization_endpoint', 'userinfo_endpoint'])
    expect((await send('GET', new URL(said[name]).pathname)).status).not.toBe(404);
});
