import fc from 'fast-check';
import type { Reply } from '../support/api.ts';
import { VERIFIER } from '../support/people/oauth.ts';
import type { Operation } from './operation.ts';
import { PAGES } from './pages-contract.ts';
import { PASSWORD } from './scene.ts';
import { type Memory, remember, type StandIns } from './stand-ins.ts';

type Text = fc.Arbitrary<string>;

/** The addresses that belong to no dialect. */
export function pageOperations(standIns: StandIns): Operation[] {
  const fields = fieldsOf(standIns);
  const own = { Cookie: standIns.of('cookie'), Origin: fc.constant('https://edge.localhost') };
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
    alone: /^\/(cdn-cgi|dev)\//.test(path),
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
    answer: one('allow', 'deny', 'accept', 'refuse', 'perhaps'),
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
