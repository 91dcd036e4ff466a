import { describe, expect, test } from 'vitest';
import { errorParameters } from '../../src/pages/oauth/authorization-fault.ts';
import { type AuthorizationCodeRequest, parseAuthorization } from '../../src/pages/oauth/authorization-request.ts';
import { type AuthorizationState, nextStep } from '../../src/pages/oauth/authorization-step.ts';

const redirectUri = 'https://app.example.com/cb?from=us';
const client = { resellerId: 'r', open: true, redirectUris: [redirectUri] };
const good = {
  client_id: 'c',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid',
  state: 's',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
};
type Changes = Readonly<Record<string, string | null>>;
function query(changes: Changes, more: readonly (readonly [string, string])[] = []): URLSearchParams {
  const entries = Object.entries({ ...good, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return new URLSearchParams([...entries, ...more.map(([name, value]) => [name, value] as [string, string])]);
}

test('a good request is read with all that it says', () => {
  const all = { nonce: 'n', prompt: 'login consent', max_age: '0', login_hint: 'a@b', ui_locales: 'de', other: 'x' };
  const reading = parseAuthorization(query(all, [['response_mode', 'query']]), client);
  expect(reading).toMatchObject({
    kind: 'request',
    request: {
      clientId: 'c',
      ...{ redirectUri, state: 's', scope: 'openid', nonce: 'n', maxAgeSeconds: 0, loginHint: 'a@b', uiLocales: 'de' },
      prompts: new Set(['login', 'consent']),
    },
  });
  const kept = new URLSearchParams((reading as { request: AuthorizationCodeRequest }).request.query);
  expect(Object.fromEntries(kept)).toEqual({
    ...{ ...good, ...all, response_mode: 'query' },
    ...{ other: undefined, login_hint: undefined },
  });
});

describe('nothing is ever sent to an address that is not the client’s', () => {
  test.each([
    ['https://APP.example.com/cb?from=us'],
    ['https://app.example.com/cb'],
    ['https://app.example.com/cb?from=us&x=1'],
    ['https://app.example.com/cb/?from=us'],
    ['https://app.example.com/cb/sub?from=us'],
    ['https://app.example.com:443/cb?from=us'],
    ['https://app.example.com/%63b?from=us'],
    ['https://app.example.com/x/../cb?from=us'],
    ['https://user@app.example.com/cb?from=us'],
    ['https://app.example.com@evil.example/cb?from=us'],
    ['https://app.example.com/cb?from=us#'],
    [' https://app.example.com/cb?from=us'],
    ['http://app.example.com/cb?from=us'],
    ['//app.example.com/cb?from=us'],
    [''],
    [null],
  ])('%s', (redirect_uri) => {
    expect(parseAuthorization(query({ redirect_uri }), client)).toEqual({ kind: 'stranger' });
  });

  test.each([
    ['client_id', 'c'],
    ['redirect_uri', redirectUri],
    ['redirect_uri', 'https://evil.example'],
  ])('%s twice', (name, value) => {
    expect(parseAuthorization(query({}, [[name, value]]), client)).toEqual({ kind: 'stranger' });
  });

  test('an unknown client, one without an address', () => {
    expect(parseAuthorization(query({}), null)).toEqual({ kind: 'stranger' });
    expect(parseAuthorization(query({}), { ...client, redirectUris: [] })).toEqual({ kind: 'stranger' });
    expect(parseAuthorization(query({ client_id: null }), client)).toEqual({ kind: 'stranger' });
  });
});

describe('what is wrong is told to the client', () => {
  const pkce = 'Send a code_challenge of PKCE with the code_challenge_method S256.';
  test.each<[Changes, string, string]>([
    [{ response_type: null }, 'invalid_request', 'response_type is missing.'],
    [{ response_type: '' }, 'invalid_request', 'response_type is missing.'],
    [{ response_type: 'token' }, 'unsupported_response_type', 'Use response_type code.'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type', 'Use response_type code.'],
    [{ response_mode: 'fragment' }, 'invalid_request', 'Use response_mode query, or none.'],
    [{ response_mode: 'form_post' }, 'invalid_request', 'Use response_mode query, or none.'],
    [{ code_challenge: null }, 'invalid_request', pkce],
    [{ code_challenge: 'x'.repeat(42) }, 'invalid_request', pkce],
    [{ code_challenge: 'x'.repeat(44) }, 'invalid_request', pkce],
    [{ code_challenge: `${'x'.repeat(42)}=` }, 'invalid_request', pkce],
    [{ code_challenge_method: null }, 'invalid_request', pkce],
    [{ code_challenge_method: 'plain' }, 'invalid_request', pkce],
    [{ prompt: 'create' }, 'invalid_request', 'prompt has no such value.'],
    [{ prompt: 'none login' }, 'invalid_request', 'prompt has no such value.'],
    [{ max_age: '-1' }, 'invalid_request', 'max_age has no such value.'],
    [{ max_age: '1.5' }, 'invalid_request', 'max_age has no such value.'],
    [{ request: 'x' }, 'request_not_supported', 'Send the parameters themselves instead of request.'],
    [
      { request_uri: 'https://x' },
      'request_uri_not_supported',
      'Send the parameters themselves instead of request_uri.',
    ],
  ])('%o', (changes, ...error) => {
    const reading = parseAuthorization(query(changes), client);
    expect(reading).toMatchObject({ kind: 'fault', redirectUri, state: 's' });
    expect(reading.kind === 'fault' && errorParameters(reading.fault)).toEqual(error);
  });

  test.each(['scope', 'nonce', 'prompt', 'code_challenge', 'response_type', 'request'])('%s twice', (name) => {
    const reading = parseAuthorization(query({ [name]: 'x' }, [[name, 'x']]), client);
    expect(reading).toMatchObject({ kind: 'fault', fault: { kind: 'repeated', parameter: name }, state: 's' });
  });

  test('state twice, of which none is sent back', () => {
    const reading = parseAuthorization(query({}, [['state', 'x']]), client);
    expect(reading).toMatchObject({ fault: { kind: 'repeated', parameter: 'state' }, state: null });
  });

  test('a client of no reseller, or of a disabled one', () => {
    for (const tenant of [{ resellerId: null }, { open: false }])
      expect(parseAuthorization(query({}), { ...client, ...tenant })).toMatchObject({ fault: { kind: 'tenant' } });
  });
});

describe('a good request goes on', () => {
  const now = 1_000_000;
  function stepOf(changes: Changes, standing: Partial<AuthorizationState> = {}) {
    const reading = parseAuthorization(query({ scope: 'openid webhook:read event:read', ...changes }), client);
    if (reading.kind !== 'request') throw new Error(reading.kind);
    return nextStep({
      request: reading.request,
      client: { resellerId: 'r', scopes: 'webhook:read webhook:write' },
      user: {
        signedInAt: now - 5_000,
        authenticatedAt: now - 5_000,
        rights: ['webhook:read', 'webhook:write', 'event:read'],
        factorDue: false,
      },
      askedAt: null,
      consented: '',
      now,
      ...standing,
    });
  }
  const scope = ['openid', 'webhook:read'];
  const consented = 'webhook:read openid';

  test('to sign in, where nobody is signed in', () => {
    expect(stepOf({}, { user: null })).toEqual({ kind: 'sign-in' });
    expect(stepOf({ prompt: 'none' }, { user: null })).toEqual({ kind: 'fault', fault: { kind: 'login_required' } });
  });

  test('to the question for what neither the client nor the user lacks', () => {
    expect(stepOf({})).toEqual({ kind: 'consent', scope });
    expect(stepOf({}, { user: { signedInAt: 0, authenticatedAt: 0, rights: [], factorDue: false } })).toEqual({
      kind: 'consent',
      scope: ['openid'],
    });
    expect(stepOf({ prompt: 'none' })).toEqual({ kind: 'fault', fault: { kind: 'consent_required' } });
  });

  test('without a question, where that much was agreed to before', () => {
    expect(stepOf({}, { consented })).toEqual({ kind: 'grant', scope });
    expect(stepOf({ prompt: 'none' }, { consented })).toEqual({ kind: 'grant', scope });
    expect(stepOf({ prompt: 'consent' }, { consented })).toEqual({ kind: 'consent', scope });
    expect(stepOf({}, { consented: 'openid' })).toEqual({ kind: 'consent', scope });
  });

  test.each<[Changes]>([[{ prompt: 'login' }], [{ prompt: 'select_account' }], [{ max_age: '5' }], [{ max_age: '0' }]])(
    'to sign in anew, until that has happened: %o',
    (changes) => {
      expect(stepOf(changes, { consented })).toEqual({ kind: 'sign-in' });
      expect(stepOf(changes, { consented, askedAt: now - 4_999 })).toEqual({ kind: 'sign-in' });
      expect(stepOf(changes, { consented, askedAt: now - 5_000 })).toEqual({ kind: 'grant', scope });
    },
  );

  test('by an old sign-in, where max_age allows it', () => {
    expect(stepOf({ max_age: '6' }, { consented })).toEqual({ kind: 'grant', scope });
    expect(stepOf({ max_age: '5', prompt: 'none' }, { consented })).toMatchObject({
      fault: { kind: 'login_required' },
    });
  });

  test.each(['', 'nothing', 'event:read', 'email profile', 'reseller:write'])(
    'nowhere without a scope: %s',
    (asked) => {
      for (const user of [
        null,
        { signedInAt: 0, authenticatedAt: 0, rights: ['event:read'] as const, factorDue: false },
      ])
        expect(stepOf({ scope: asked }, { user })).toEqual({ kind: 'fault', fault: { kind: 'scope' } });
    },
  );

  test('nowhere where the user has none of the rights', () => {
    const user = { signedInAt: 0, authenticatedAt: 0, rights: [], factorDue: false };
    expect(stepOf({ scope: 'webhook:read' }, { user })).toEqual({ kind: 'fault', fault: { kind: 'scope' } });
  });
});
