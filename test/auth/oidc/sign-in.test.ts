import { env } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import { authorizationUrl, codeChallengeOf, newOidcSecrets } from '../../../src/auth/oidc/authorization.ts';
import { identify } from '../../../src/auth/oidc/identify.ts';
import { readEnv } from '../../../src/env.ts';
import { ANY_AGE, type Freshness } from '../../../src/model/sign-in/flow.ts';
import type { OidcProvider } from '../../../src/model/sign-in/oidc-provider.ts';
import { type Person, visitProvider } from '../../support/oidc/person.ts';
import { unique } from '../../support/world.ts';

const redirectUri = 'https://edge.localhost/back';
const ada = (): Person => ({ sub: unique('sub'), email: 'ada@example.com', hd: 'example.com' });

function providerOf(setting: string): OidcProvider {
  return readEnv({ ...env, OIDC_PROVIDER: setting }).oidcProvider!;
}

/** Sends a person to a provider and gives where they come back to, and what they were sent away with. */
async function visit(provider: OidcProvider, person: Person | 'declines', freshness: Freshness = ANY_AGE) {
  const secrets = newOidcSecrets();
  const codeChallenge = await codeChallengeOf(secrets.codeVerifier);
  const ready = await authorizationUrl(provider, { redirectUri, codeChallenge, ...secrets, freshness }, Date.now());
  if (ready.kind !== 'ready') throw new Error(ready.detail);
  const callback = await visitProvider(ready.url, person);
  return { sentTo: new URL(ready.url), callback, expected: { ...secrets, redirectUri } };
}

test.each(['google', 'strict'] as const)('a person is who a provider with %s habits says', async (habits) => {
  const provider = providerOf(inject('providers')[habits]);
  const person = ada();
  const { callback, expected } = await visit(provider, person);
  expect(await identify(provider, callback, expected, Date.now())).toEqual({
    kind: 'identity',
    issuer: provider.issuer,
    subject: person.sub,
    email: 'ada@example.com',
    emailVerified: true,
    authoritative: true,
    hd: 'example.com',
    authTime: habits === 'google' ? expect.any(Number) : null,
  });
});

test('the browser is sent with PKCE, state and nonce', async () => {
  const provider = providerOf(inject('providers').google);
  const { sentTo, expected } = await visit(provider, ada());
  expect(Object.fromEntries(sentTo.searchParams)).toEqual({
    response_type: 'code',
    scope: 'openid email profile',
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    state: expected.state,
    nonce: expected.nonce,
    code_challenge: await codeChallengeOf(expected.codeVerifier),
    code_challenge_method: 'S256',
    claims: '{"id_token":{"auth_time":{"essential":true}}}',
  });
  expect(new Set([expected.state, expected.nonce, ...Object.values(newOidcSecrets())]).size).toBe(5);
});

test.each([
  ['google', { prompt: 'select_account', maxAgeSeconds: null }, ['select_account', null]],
  ['strict', { prompt: 'login', maxAgeSeconds: 0 }, ['login', '0']],
  ['strict', { prompt: null, maxAgeSeconds: 60 }, [null, '60']],
] as const)(
  'a provider with %s habits is asked for what %j means, and says when that was',
  async (habits, freshness, sent) => {
    const provider = providerOf(inject('providers')[habits]);
    const authTime = Math.floor(Date.now() / 1000) - 40;
    const { sentTo, callback, expected } = await visit(provider, { ...ada(), authTime }, freshness);
    expect([sentTo.searchParams.get('prompt'), sentTo.searchParams.get('max_age')]).toEqual(sent);
    expect(await identify(provider, callback, expected, Date.now())).toMatchObject({ authTime });
  },
);

test('what is not told is not there', async () => {
  const provider = providerOf(inject('providers').google);
  const { callback, expected } = await visit(provider, { sub: unique('sub'), emailVerified: false });
  const identity = await identify(provider, callback, expected, Date.now());
  expect(identity).toMatchObject({ kind: 'identity', email: null, emailVerified: false, hd: null });
});

test('who declines is refused as that', async () => {
  const provider = providerOf(inject('providers').google);
  const { callback, expected } = await visit(provider, 'declines');
  const outcome = await identify(provider, callback, expected, Date.now());
  expect(outcome).toEqual({ kind: 'refused', reason: 'declined', detail: 'access_denied' });
});

test('a code is good once', async () => {
  const provider = providerOf(inject('providers').google);
  const { callback, expected } = await visit(provider, ada());
  expect(await identify(provider, callback, expected, Date.now())).toMatchObject({ kind: 'identity' });
  const again = await identify(provider, callback, expected, Date.now());
  expect(again).toEqual({ kind: 'refused', reason: 'rejected', detail: 'invalid_grant' });
});

test.each([
  ['state', { state: 'other' }],
  ['nonce', { nonce: 'other' }],
  ['code verifier', { codeVerifier: 'other'.repeat(10) }],
  ['address to come back to', { redirectUri: 'https://edge.localhost/other' }],
])('who comes back with another %s than sent away with is refused', async (_, other) => {
  const provider = providerOf(inject('providers').google);
  const { callback, expected } = await visit(provider, ada());
  const outcome = await identify(provider, callback, { ...expected, ...other }, Date.now());
  expect(outcome).toMatchObject({ kind: 'refused', reason: 'rejected' });
});

test.each([
  ['another issuer', 'iss', 'https://accounts.example'],
  ['no issuer, from a provider that names it', 'iss', null],
  ['no state', 'state', null],
  ['no code', 'code', null],
])('an answer with %s is refused', async (_, name, value) => {
  const provider = providerOf(inject('providers').google);
  const { callback, expected } = await visit(provider, ada());
  if (value === null) callback.searchParams.delete(name);
  else callback.searchParams.set(name, value);
  expect(await identify(provider, callback, expected, Date.now())).toMatchObject({
    kind: 'refused',
    reason: 'rejected',
  });
});

test('a client that the provider does not know is the deployment’s fault, not the person’s', async () => {
  const provider = providerOf(inject('providers').google);
  const { callback, expected } = await visit(provider, ada());
  const outcome = await identify({ ...provider, clientSecret: 'other' }, callback, expected, Date.now());
  expect(outcome).toEqual({ kind: 'unavailable', detail: 'invalid_client' });
});
