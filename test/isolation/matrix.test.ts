import { beforeAll, describe, expect, test } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import { ANYONE, NON_DELEGABLE_SCOPES } from '../../src/model/clients/scope.ts';
import type { Failure } from '../../src/model/failure.ts';
import { INVALID_TOKEN, MISSING, withheld } from '../dialects/checks/access.ts';
import { expectDeclared, expectRefused } from '../dialects/checks/check.ts';
import { expectAbsent } from '../dialects/checks/tenancy.ts';
import { openOwnScene, own } from '../support/generators/own-routes.ts';
import { declared, nameOf, openScene, parametersOf, request, type Scene } from '../support/generators/routes.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';
import {
  type Answer,
  applicationRefused,
  CREDENTIALS,
  keyRowOf,
  OWN,
  OWN_STATE,
  type Refused,
  rowOf,
} from './expected.ts';
import { application, type KeyHolder, keyHolders, type Stranger, strangers } from './strangers.ts';

const failures = {
  token_invalid: () => INVALID_TOKEN,
  scope_missing: withheld,
  user_required: () => ({ kind: 'user_required' }),
  realm_missing: () => ({ kind: 'realm_missing' }),
} satisfies Readonly<Record<Refused, (scene: Scene) => Failure>>;

type Anybody = Stranger | KeyHolder;

async function authorizationOf(who: Anybody, scene: Scene): Promise<string> {
  return who in keyHolders ? keyHolders[who as KeyHolder](scene) : `Bearer ${await strangers[who as Stranger](scene)}`;
}

async function expectAnswer(shared: Scene, who: Anybody, answer: Answer, fresh: () => Promise<Scene>) {
  const scene = answer === 'in' || answer === 'own' ? await fresh() : shared;
  const headers = { Authorization: await authorizationOf(who, scene) };
  if (answer === 'in') expectDeclared(scene, await request(scene, { headers }));
  else if (answer === 'own') await expectOwn(scene, headers);
  else if (answer === 'itself') await expectItself(scene, headers);
  else if (answer === 'not_found') await expectLikeAbsent(scene, headers, who.includes('organization'));
  else await expectRefused(scene, failures[answer](scene), { headers });
}

type Sent = { readonly Authorization: string };

/** The very bytes of what does not exist; `inside`: in a reseller that is the caller's own. */
async function expectLikeAbsent(scene: Scene, { Authorization }: Sent, inside: boolean) {
  const madeUp = Object.entries(scene.ids).map(([name, id]) => {
    return [name, inside && id === scene.reseller ? id : crypto.randomUUID()];
  });
  const absent = await expectAbsent(scene, Object.fromEntries(madeUp), Authorization);
  expect(await expectAbsent(scene, scene.ids, Authorization)).toBe(absent);
}

async function expectOwn(scene: Scene, headers: Sent) {
  const reply = await request(scene, { headers });
  expectDeclared(scene, reply);
  const named = parametersOf(scene.route.path).map((name) => scene.ids[name]);
  const theirs = [scene.reseller, ...Object.values(scene.ids)].filter((id) => !named.includes(id));
  for (const id of theirs) expect(reply.text).not.toContain(id);
}

async function expectItself(scene: Scene, headers: Sent) {
  if (parametersOf(scene.route.path).length > 0) return expectLikeAbsent(scene, headers, false);
  const [{ user_id: id }] = await rows('select user_id from sessions where id = ?', scene.ids['sessionId']);
  const before = await everythingOf(id);
  const { status, text } = await request(scene, { headers });
  expect([401, 403, 500]).not.toContain(status);
  for (const { email } of await rows('select email from users where id = ?', id)) expect(text).not.toContain(email);
  expect(await everythingOf(id)).toEqual(before);
}

const OF_USERS = [
  'sessions',
  'passkeys',
  'external_identities',
  'totp_secrets',
  'recovery_codes',
  'memberships',
  'consents',
];
const everythingOf = async (userId: string) => [
  await rows('select * from users where id = ?', userId),
  ...(await Promise.all(OF_USERS.map((table) => rows(`select * from ${table} where user_id = ?`, userId)))),
];

beforeAll(muteQueues);

const matrix = [
  ...declared.map((one) => ({ one, row: () => ({ ...rowOf(one), ...keyRowOf(one) }), open: () => openScene(one) })),
  ...own.map((one) => ({ one, row: (): Partial<Record<Anybody, Answer>> => OWN, open: () => openOwnScene(one) })),
];

describe.each(matrix.map((line) => ({ name: nameOf(line.one), ...line })))('$name', ({ one, row, open }) => {
  let scene: Promise<Scene> | undefined;
  const shared = () => (scene ??= open());

  test('anonymous: token_missing', async () => {
    await expectRefused(await shared(), MISSING, { headers: { Authorization: null } });
  });

  const refused = applicationRefused(one);
  if (refused !== undefined)
    test(`an application in a user's name: ${refused}`, async () => {
      const scene = await shared();
      await expectRefused(scene, failures[refused](scene), { token: await application(scene) });
    });

  for (const [who, answer] of Object.entries(row()) as [Anybody, Answer][]) {
    test(`${who}: ${answer}`, async () => expectAnswer(await shared(), who, answer, open));
  }
});

test('no operation on credentials is left out', () => {
  const guarded = declared.filter(
    ({ route }) =>
      route.fails?.some(({ kind }) => kind === 'self_refused') ||
      (NON_DELEGABLE_SCOPES.has(route.scope) && route.method !== 'GET'),
  );
  const names = guarded.map(({ dialect, route }) => `${dialect.name} ${route.id}`);
  expect(names.filter((name) => !OWN_STATE.has(name)).sort()).toEqual(Object.keys(CREDENTIALS).sort());
});

test('no route of a dialect is left out', () => {
  const all = dialects.flatMap(({ routes }) => routes.filter(({ scope }) => scope !== ANYONE));
  expect(matrix).toHaveLength(all.length);
  expect(matrix.length).toBeGreaterThan(80);
});
