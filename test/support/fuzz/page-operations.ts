import fc from 'fast-check';
import type { Reply } from '../api.ts';
import { VERIFIER } from '../oauth.ts';
import { jsonOf } from './contract.ts';
import type { Answers, Operation } from './operation.ts';
import { PASSWORD } from './scene.ts';
import { type Memory, remember, type StandIns } from './stand-ins.ts';

type Text = fc.Arbitrary<string>;

/** What nobody declares elsewhere: how the addresses beside the dialects answer. */
type Kind = Readonly<Record<number, Answers>>;

const text = { type: 'string' };
const object = (properties: object, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
const json = (schema: object): Answers => ({ 'application/json': jsonOf(schema) });
const nothing: Answers = {};
const isPage = (shown: string) => (/^<!doctype html>[\s\S]*<\/html>\s*$/.test(shown) ? undefined : 'no page');
const page: Answers = { 'text/html': isPage };
const anyJson: Answers = { 'application/json': jsonOf({ type: ['object', 'array'] }) };
const problem = object({ field: text, message: text });
const refused = json(object({ message: text, code: text, errors: { type: 'array', items: problem } }, ['errors']));
const oauthRefused = json(object({ error: text, error_description: text }));

const refusals = (...statuses: readonly number[]): Kind =>
  Object.fromEntries(statuses.map((status) => [status, refused]));
const shows: Kind = { 200: page, 303: nothing, 400: page, 403: page, 404: page, 409: page, 429: page };
const signIn: Kind = { ...shows, 422: page };
/** Nothing is there unless a provider is set. */
const provider: Kind = { ...shows, 404: { ...page, ...refused } };
const scriptRefused = json(object({ code: text, message: text, location: text }, ['message', 'location']));
const script: Kind = {
  200: anyJson,
  400: scriptRefused,
  401: scriptRefused,
  403: scriptRefused,
  404: scriptRefused,
  409: scriptRefused,
  429: scriptRefused,
};
const file: Kind = { 200: { '*/*': () => undefined }, 304: nothing, 404: refused };
const developer: Kind = { 200: page, 404: refused };
const link = json(
  object({
    state: text,
    purpose: { type: ['string', 'null'] },
    name: { type: ['string', 'null'] },
    email: { type: ['string', 'null'] },
    language: { type: ['string', 'null'] },
    branding: { type: ['object', 'null'] },
    rules: { type: 'array' },
  }),
);
const linkRefusals = refusals(400, 409, 413, 415, 429);
const tokens = json(
  object(
    {
      access_token: text,
      token_type: { const: 'Bearer' },
      expires_in: { type: 'integer' },
      scope: text,
      refresh_token: text,
      id_token: text,
    },
    ['refresh_token', 'id_token'],
  ),
);

type Sends = 'form' | 'json' | null;
const PAGES: readonly (readonly [method: string, path: string, sends: Sends, kind: Kind])[] = [
  ['GET', '/', null, { 200: { ...page, ...anyJson } }],
  ['GET', '/docs', null, shows],
  ['GET', '/docs/dialects.json', null, { 200: anyJson }],
  ['GET', '/docs/:file', null, file],
  ['GET', '/activate', null, shows],
  ['GET', '/pages/:file', null, file],
  ['POST', '/activate/link', 'json', { 200: link, ...linkRefusals }],
  ['POST', '/activate/password', 'json', { 204: nothing, ...linkRefusals }],
  ['POST', '/activate/mail', 'json', { 202: json({ type: 'object', properties: {} }), ...linkRefusals }],
  ['GET', '/sign-in', null, shows],
  ['GET', '/sign-in/password', null, { 303: nothing }],
  ['POST', '/sign-in/password', 'form', signIn],
  ['GET', '/sign-in/factor', null, { 303: nothing }],
  ['POST', '/sign-in/factor', 'form', signIn],
  ['POST', '/sign-in/passkey/options', 'json', script],
  ['POST', '/sign-in/passkey', 'json', script],
  ['GET', '/sign-in/google', null, provider],
  ['GET', '/sign-in/google/callback', null, provider],
  ['GET', '/sign-in/forgotten', null, shows],
  ['POST', '/sign-in/forgotten', 'form', signIn],
  ['GET', '/account', null, shows],
  ...[
    'again',
    'password',
    'app',
    'app/enable',
    'app/disable',
    'recovery-codes',
    'passkeys/remove',
    'provider/unlink',
    'sessions/end',
    'sessions/end-others',
    'sign-out',
  ].flatMap((name) => [
    ['GET', `/account/${name}`, null, { 303: nothing }] as const,
    ['POST', `/account/${name}`, 'form', signIn] as const,
  ]),
  ['POST', '/account/passkeys/options', 'json', script],
  ['POST', '/account/passkeys', 'json', script],
  ['GET', '/unsubscribe/:token', null, shows],
  ['POST', '/unsubscribe/:token', 'form', shows],
  ['GET', '/dev/mail', null, developer],
  ['GET', '/dev/mail/:id', null, developer],
  ['GET', '/dev/mail/:id/html', null, developer],
  ['GET', '/.well-known/jwks.json', null, { 200: anyJson }],
  ['GET', '/.well-known/oauth-authorization-server', null, { 200: anyJson }],
  ['GET', '/.well-known/openid-configuration', null, { 200: anyJson }],
  ['GET', '/oauth/authorize', null, shows],
  ['POST', '/oauth/authorize', 'form', shows],
  ['POST', '/oauth/consent', 'form', shows],
  ['POST', '/oauth/token', 'form', { 200: tokens, 400: oauthRefused, 401: oauthRefused }],
  ['POST', '/oauth/revoke', 'form', { 200: nothing, 400: oauthRefused, 401: oauthRefused }],
  ['GET', '/oauth/userinfo', null, { 200: anyJson, 401: nothing, 403: nothing }],
  ['POST', '/oauth/userinfo', 'form', { 200: anyJson, 401: nothing, 403: nothing }],
];

/** The addresses that belong to no dialect. */
export function pageOperations(standIns: StandIns): Operation[] {
  const fields = fieldsOf(standIns);
  const own = { Cookie: standIns.of('cookie'), Origin: fc.constant('https://edge.test') };
  return PAGES.map(([method, path, sends, kind]) => ({
    method,
    path,
    rest: false,
    query: Object.fromEntries(QUERIED.flatMap((name) => (fields[name] ? [[name, fields[name]]] : []))),
    ...(path === '/oauth/authorize' && { usualQuery: authorization(fields) }),
    mediaTypes: sends === 'json' ? ['application/json'] : sends === 'form' ? ['application/x-www-form-urlencoded'] : [],
    headers:
      path === '/oauth/userinfo'
        ? { Authorization: standIns.of('access_token').map((token) => `Bearer ${token}`) }
        : own,
    body:
      sends === null
        ? null
        : drawn(fields).map((given) =>
            sends === 'json' ? JSON.stringify(given) : new URLSearchParams(given).toString(),
          ),
    own: false,
    alone: path.startsWith('/dev/'),
    answers: (status) => kind[status],
    learn,
  }));
}

const QUERIED = [
  'flow',
  'account',
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'code_challenge',
  'code_challenge_method',
  'state',
  'code',
  'prompt',
  'done',
  'error',
];

const ASKED = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'code_challenge',
  'code_challenge_method',
  'prompt',
];

/** What an application asks with, sometimes without a part of it. */
function authorization(fields: Readonly<Record<string, Text>>): Text {
  const asked = fc.record(Object.fromEntries(ASKED.map((name) => [name, fields[name] ?? fc.string()])), {
    requiredKeys: ASKED.slice(0, -1),
  });
  return asked.map((given) => `?${new URLSearchParams(given)}`);
}

/** The fields of all forms together, each with values that are good somewhere. */
function fieldsOf(standIns: StandIns): Readonly<Record<string, Text>> {
  const one = (...values: string[]) => fc.constantFrom(...values);
  return {
    flow: standIns.of('flow'),
    account: standIns.of('resellerId'),
    email: standIns.of('email'),
    password: one(PASSWORD, PASSWORD, 'wrong', 'Another-horse-9'),
    current: one(PASSWORD, 'wrong'),
    next: one('Another-horse-9', 'short'),
    code: fc.oneof(standIns.of('code'), one('123456', '000000', 'abcd-efgh')),
    id: standIns.of('any'),
    question: standIns.of('question'),
    answer: one('allow', 'deny', 'perhaps'),
    token: fc.oneof(standIns.of('token'), standIns.of('access_token'), standIns.of('refresh_token')),
    name: fc.string(),
    grant_type: one('client_credentials', 'refresh_token', 'authorization_code', 'password', 'constructor'),
    client_id: standIns.of('client_id'),
    client_secret: standIns.of('client_secret'),
    refresh_token: standIns.of('refresh_token'),
    redirect_uri: one('https://app.example.com/cb', 'https://evil.example.com/cb'),
    response_type: one('code', 'code', 'token'),
    scope: one('openid', 'openid email profile webhook:read', 'webhook:read', 'nothing', ''),
    state: one('a state', 'x'.repeat(3000)),
    code_challenge: standIns.of('code_challenge'),
    code_challenge_method: one('S256', 'plain'),
    code_verifier: one(VERIFIER, 'short'),
    prompt: one('none', 'login', 'consent', 'login none'),
    done: one('passkeyAdded', '__proto__', 'x'),
    error: one('access_denied', 'x'),
  };
}

/** Most of the fields, some of them odd. */
const drawn = (fields: Readonly<Record<string, Text>>): fc.Arbitrary<Record<string, string>> =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        fc.oneof({ weight: 60, arbitrary: value }, { weight: 1, arbitrary: fc.string() }),
      ]),
    ),
    {
      requiredKeys: Object.keys(fields).filter(
        (name) => !['scope', 'refresh_token', 'error', 'prompt', 'name'].includes(name),
      ),
    },
  );

function learn(reply: Reply, memory: Memory): void {
  remember(memory, 'etag', reply.headers.get('ETag'));
  const found = `${reply.text} ${reply.headers.get('Location') ?? ''}`;
  for (const [, name = '', value] of found.matchAll(/name="(flow|question)" value="([^"]+)"/g))
    remember(memory, name, value);
  for (const [, name = '', value] of found.matchAll(/"(access_token|refresh_token)":"([^"]+)"/g))
    remember(memory, name, value);
  remember(memory, 'code', /[?&]code=([^&]+)/.exec(found)?.[1]);
  remember(memory, 'flow', /[?&]flow=([\w-]+)/.exec(found)?.[1]);
  const cookies = new Map(
    (memory.get('cookie')?.at(-1) ?? '').split('; ').map((pair) => [pair.split('=')[0] ?? '', pair]),
  );
  for (const set of reply.headers.getSetCookie()) {
    const [pair = ''] = set.split(';');
    cookies.set(pair.split('=')[0] ?? '', pair);
  }
  remember(memory, 'cookie', [...cookies.values()].filter(Boolean).join('; '));
}
