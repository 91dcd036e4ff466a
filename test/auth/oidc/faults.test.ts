import { expect, test } from 'vitest';
import { authorizationUrl } from '../../../src/auth/oidc/authorization.ts';
import { ANY_AGE } from '../../../src/model/sign-in/flow.ts';
import type { BehaviourName } from '../../support/faults/behaviours.ts';
import { answerJson, type Hostile, makeHostile } from './hostile.ts';

const places = ['home', 'tokens', 'keys'] as const;
type PlaceName = (typeof places)[number];
type Answer = Parameters<Hostile['home']['answer']>[0];

const does = (behaviour: BehaviourName): Answer => ({ script: { seed: 1, weights: { [behaviour]: 1 } } });
const json = { 'content-type': 'application/json' };

/** Who comes back while one of a provider's places answers like that. */
async function comeBackTo(name: PlaceName, answer: Answer) {
  const hostile = await makeHostile();
  const idToken = await hostile.sign();
  await answerJson(hostile.tokens, { access_token: 'access', token_type: 'Bearer', id_token: idToken });
  await hostile[name].answer(answer);
  return hostile.comeBack();
}

const answers: [string, Answer][] = [
  ['fails', { status: 500 }],
  ['is not there', { status: 404 }],
  ['says nothing', { status: 200, body: '', headers: json }],
  ['answers a page', { status: 200, body: '<h1>Maintenance</h1>', headers: { 'content-type': 'text/html' } }],
  ['answers half a word', { status: 200, body: '{"is', headers: json }],
  ['answers 300 KiB', { status: 200, body: `{"x":"${'x'.repeat(300 * 1024)}"}`, headers: json }],
  ['never stops to answer', does('endlessBody')],
  ['breaks off', does('brokenBody')],
  ['cuts the connection', does('reset')],
];

test.each(answers)('a provider is unavailable that %s', async (_, answer) => {
  for (const name of places) expect(await comeBackTo(name, answer)).toMatchObject({ kind: 'unavailable' });
});

test('a provider is unavailable that takes too long, or to whom its answer does', async () => {
  const slow = places.flatMap((name) => [comeBackTo(name, does('silent')), comeBackTo(name, does('stalledBody'))]);
  const startedMs = performance.now();
  for (const outcome of await Promise.all(slow)) expect(outcome).toMatchObject({ kind: 'unavailable' });
  expect(performance.now() - startedMs).toBeLessThan(10_000);
});

test.each(places)('nobody is followed elsewhere from %s', async (name) => {
  const [hostile, other] = [await makeHostile(), await makeHostile()];
  await answerJson(hostile.tokens, { access_token: 'access', token_type: 'Bearer', id_token: await hostile.sign() });
  await answerJson(other.home, hostile.document);
  const location = other[name].url;
  await hostile[name].answer({ status: 302, body: '', headers: { location } });
  expect(await hostile.comeBack()).toMatchObject({ kind: 'unavailable' });
  expect(await other[name].seen()).toEqual([]);
});

test.each([
  ['another issuer', { issuer: 'https://accounts.google.com' }],
  ['no issuer', { issuer: undefined }],
  ['no token endpoint', { token_endpoint: undefined }],
  ['no keys', { jwks_uri: undefined }],
  ['keys that are no address', { jwks_uri: 7 }],
  ['an address without TLS', { authorization_endpoint: 'http://accounts.example/authorize' }],
  ['an address that is a script', { authorization_endpoint: 'javascript:alert(1)' }],
  ['a place for user info without TLS', { userinfo_endpoint: 'http://accounts.example/me' }],
])('a provider is unavailable whose document names %s', async (_, changes) => {
  const { provider, tokens, comeBack } = await makeHostile(changes);
  const asked = { redirectUri: 'https://edge.localhost/back', state: 's', nonce: 'n', codeChallenge: 'c' };
  const request = { ...asked, freshness: ANY_AGE };
  expect(await authorizationUrl(provider, request, Date.now())).toMatchObject({ kind: 'unavailable' });
  expect(await comeBack()).toMatchObject({ kind: 'unavailable' });
  expect(await tokens.seen()).toEqual([]);
});

test('a provider that fails is left alone for a while, and its document is asked for again in an hour', async () => {
  const { home, tokens, document, comeBack } = await makeHostile();
  const nowMs = Date.now();
  await home.answer({ status: 500 });
  await tokens.answer({ status: 500 });
  for (const afterMs of [0, 1, 4_999]) await comeBack(nowMs + afterMs);
  expect(await home.seen()).toHaveLength(1);
  await answerJson(home, document);
  for (const afterMs of [5_000, 60_000, 59 * 60_000]) await comeBack(nowMs + afterMs);
  expect(await home.seen()).toHaveLength(2);
  await comeBack(nowMs + 61 * 60_000);
  expect(await home.seen()).toHaveLength(3);
});

test.each([
  ['invalid_grant', { kind: 'refused', reason: 'rejected', detail: 'invalid_grant' }],
  ['invalid_client', { kind: 'unavailable', detail: 'invalid_client' }],
  ['a line\nof a log', { kind: 'unavailable', detail: 'an error that is no code' }],
])('a code that is answered with %j', async (error, outcome) => {
  const { tokens, comeBack } = await makeHostile();
  await tokens.answer({ status: 400, body: JSON.stringify({ error }), headers: json });
  expect(await comeBack()).toEqual(outcome);
});

test.each([
  [
    { sub: 'ada', email: 'eva@example.com', email_verified: true },
    { kind: 'identity', email: 'eva@example.com' },
  ],
  [
    { sub: 'ada', nonce: 'n', hd: 'evil.example', iss: 'other' },
    { kind: 'identity', email: null, hd: 'example.com' },
  ],
  [
    { sub: 'eve', email: 'ada@example.com', email_verified: true },
    { kind: 'refused', reason: 'rejected' },
  ],
])('what the ID token does not tell, the user info may: %j', async (told, outcome) => {
  const { userInfo } = await makeHostile();
  await answerJson(userInfo, told);
  const { sign, comeBackWith } = await makeHostile({ userinfo_endpoint: userInfo.url });
  expect(await comeBackWith(await sign({ email: undefined }))).toMatchObject(outcome);
});

test('an address of the user info is verified only where that says so', async () => {
  const { userInfo } = await makeHostile();
  await answerJson(userInfo, { sub: 'ada', email: 'ceo@example.com' });
  const { sign, comeBackWith } = await makeHostile({ userinfo_endpoint: userInfo.url });
  const identity = await comeBackWith(await sign({ email: undefined, email_verified: true }));
  expect(identity).toMatchObject({ email: 'ceo@example.com', emailVerified: false });
});

test('a provider is unavailable whose document writes its issuer in another way, as its tokens then do', async () => {
  const { provider, document, home, tokens, comeBack } = await makeHostile();
  await answerJson(home, { ...document, issuer: provider.issuer.replace(/^http/, 'HTTP') });
  expect(await comeBack()).toMatchObject({ kind: 'unavailable', detail: 'the issuer writes itself differently' });
  expect(await tokens.seen()).toEqual([]);
});
