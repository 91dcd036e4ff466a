import { afterEach, beforeAll, expect, test } from 'vitest';
import * as tables from '../../src/db/schema/index.ts';
import { BODY_MAX_BYTES } from '../../src/model/limits/index.ts';
import { send } from '../support/api.ts';
import { fieldsOf, presentOf } from '../support/generators/bodies.ts';
import { bodyOf, declared, nameOf, openScene, request, type Scene } from '../support/generators/routes.ts';
import { muteQueues } from '../support/queues.ts';
import { effectOf, patches, writes } from './writes.ts';

beforeAll(muteQueues);
afterEach(() => {
  for (const prototype of [Object.prototype, Array.prototype, String.prototype])
    expect(Object.keys(prototype)).toEqual([]);
});

type Column = { readonly name: string; readonly dataType: string };
const isColumn = (value: unknown): value is Column =>
  typeof value === 'object' && value !== null && 'dataType' in value;
const columns = Object.values(tables).flatMap((table) =>
  Object.entries(table).flatMap(([field, column]) => (isColumn(column) ? [{ field, column }] : [])),
);
const RIGHTS = {
  role: 'reseller-admin',
  roles: ['user.admin'],
  scope: 'reseller:write',
  scopes: ['reseller:write'],
  isAdmin: true,
  admin: true,
  grants: ['reseller:write'],
  tenant: null,
  actor: 'client:operator',
  userCount: 0,
  usedBytes: 0,
};
/** Every column there is, in either spelling, with a value that fits it; and words for more rights. */
const everyColumn: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    columns.flatMap(({ field, column }) => {
      const value = { number: 7, boolean: true }[column.dataType] ?? '0190a0b0-0000-7000-8000-000000000000';
      return [field, column.name].map((name) => [name, value]);
    }),
  ),
  ...RIGHTS,
};

test('the columns are those of the schema', () => {
  expect(Object.keys(everyColumn).length).toBeGreaterThan(200);
  for (const name of ['id', 'resellerId', 'reseller_id', 'createdAt', 'passwordHash', 'twoFactorEnabled', 'deletedAt'])
    expect(everyColumn).toHaveProperty(name);
});

/** The body with these fields beside its own. */
const beside = (scene: Scene, more: object) => {
  const known = fieldsOf(scene.route.body && presentOf(scene.route.body));
  const extra = Object.fromEntries(Object.entries(more).filter(([name]) => !known.includes(name)));
  return JSON.stringify({ ...extra, ...bodyOf(scene) });
};
const POLLUTION =
  '"__proto__":{"polluted":true,"role":"reseller-admin","toString":1},"constructor":{"prototype":{"polluted":true}},"prototype":{"polluted":true}';

test.each(writes.map((one) => ({ name: nameOf(one), one })))(
  '$name takes what it declares and nothing else: no column, no right, no prototype',
  async ({ one }) => {
    const usual = await effectOf(one, () => ({}));
    expect(usual.status).toBe(one.route.returns[0]);
    expect(await effectOf(one, (scene) => ({ body: beside(scene, everyColumn) }))).toEqual(usual);
    const polluted = (scene: Scene) => JSON.stringify(bodyOf(scene)).replace('{', `{${POLLUTION},`).replace(/,}/, '}');
    expect(await effectOf(one, (scene) => ({ body: polluted(scene) }))).toEqual(usual);
  },
);

const PATHS = [
  '/__proto__',
  '/__proto__/polluted',
  '/constructor',
  '/constructor/prototype/polluted',
  '/roles/__proto__/x',
  '/displayName/__proto__/x',
  '/roles/constructor',
  '/prototype',
  '/toString',
  '/id',
  '/resellerId',
  '/createdAt',
  '/passwordHash',
  '',
  '/',
  '/roles/length',
];

test.each(patches.map((one) => ({ name: nameOf(one), one })))(
  '$name changes no field beyond its own, and no prototype',
  async ({ one }) => {
    const scene = await openScene(one);
    for (const path of PATHS) {
      for (const op of ['add', 'replace', 'remove', 'test']) {
        const reply = await request(scene, { body: JSON.stringify([{ op, path, value: { polluted: true } }]) });
        expect([op, path, reply.status]).toEqual([
          op,
          path,
          scene.dialect.toWire({ kind: 'invalid', issues: [] }, 0).status,
        ]);
      }
      const moves = ['move', 'copy'].map((op) => ({ op, from: path, path: '/displayName' }));
      for (const move of moves) expect((await request(scene, { body: JSON.stringify([move]) })).status).toBe(400);
    }
    const polluted = `[{"op":"replace","path":"/displayName","value":"x",${POLLUTION}}]`;
    expect((await request(scene, { body: polluted })).status).toBeLessThan(500);
  },
);

const reads = declared.filter(({ route }) => route.query !== undefined);
test.each(reads.map((one) => ({ name: nameOf(one), one })))(
  '$name reads no prototype from its query',
  async ({ one }) => {
    const scene = await openScene(one);
    for (const query of [
      '__proto__[polluted]=1',
      '__proto__.polluted=1',
      '__proto__=1&__proto__=2',
      'constructor[prototype][polluted]=1',
      'constructor.prototype.polluted=1',
      'name[__proto__]=1',
      'name[constructor]=1',
      'sort=__proto__',
      'sort=constructor',
      'filter=__proto__',
      'expand=__proto__',
    ])
      expect((await request(scene, { query: `?${query}` })).status, query).toBeOneOf([400, 422]);
  },
);

test('a form has no prototype', async () => {
  for (const path of ['/oauth/token', '/oauth/revoke', '/reseller/token', '/sign-in/password']) {
    for (const name of ['__proto__', '__proto__[polluted]', 'constructor[prototype][polluted]', 'constructor']) {
      const body = new URLSearchParams({ grant_type: 'client_credentials', [name]: 'polluted' });
      const { status } = await send('POST', path, { body, headers: { Origin: 'https://edge.localhost' } });
      expect([path, name, status < 500]).toEqual([path, name, true]);
    }
  }
});

const fits = (text: string) => text.slice(0, BODY_MAX_BYTES);
const BOMBS: Readonly<Record<string, string>> = {
  'lists in lists': `${'['.repeat(32_000)}${']'.repeat(32_000)}`,
  'lists that do not end': '['.repeat(BODY_MAX_BYTES),
  'objects in objects': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'objects that do not end': fits('{"a":'.repeat(14_000)),
  'very many names': `{${Array.from({ length: 7_000 }, (_, n) => `"k${n}":1`).join(',')}}`,
  'one name very often': `{${Array.from({ length: 9_000 }, () => '"a":1').join(',')}}`,
  'names that collide': `{${Array.from({ length: 6_000 }, (_, n) => `"${n}":0`).join(',')}}`,
  'a very long number': `{"a":${'9'.repeat(60_000)}}`,
  'a very long fraction': `{"a":0.${'1'.repeat(60_000)}}`,
  'a very great exponent': `{"a":1e${'9'.repeat(60_000)}}`,
  'a very long text': `{"a":"${'x'.repeat(65_000)}"}`,
  'a text of escapes': `{"a":"${'\\u0000'.repeat(10_000)}"}`,
  'halves of pairs': `{"a":"${'\\ud800'.repeat(10_000)}"}`,
  'white space': `{${' '.repeat(65_000)}}`,
};
/** What stands for the value of each of the body's own fields. */
const VALUES = [
  '[[[[1]]]]',
  '{"a":{"b":1}}',
  '1e400',
  '-1e400',
  '-0',
  '9007199254740993',
  '0.1',
  '"\\ud800"',
  '"\\u0000"',
  'true',
  'null',
  '""',
  `"${'x'.repeat(60_000)}"`,
  '['.repeat(5_000) + ']'.repeat(5_000),
];
const QUICK_MS = 3_000;

test.each([...writes, ...patches].map((one) => ({ name: nameOf(one), one })))(
  '$name answers any bomb of JSON at once',
  async ({ one }) => {
    const scene = await openScene(one);
    for (const [what, body] of Object.entries(BOMBS)) {
      const start = performance.now();
      const reply = await request(scene, { body });
      expect(reply.status, what).toBeLessThan(500);
      expect(performance.now() - start, what).toBeLessThan(QUICK_MS);
    }
    const names = fieldsOf(one.route.body && presentOf(one.route.body));
    for (const name of names) {
      for (const value of VALUES) {
        const { [name]: _, ...rest } = bodyOf(scene) as Record<string, unknown>;
        const body = `{"${name}":${value}${JSON.stringify(rest).replace('{', Object.keys(rest).length > 0 ? ',' : '')}`;
        const reply = await request(scene, { body });
        expect(reply.status, `${name}: ${value.slice(0, 40)} ${reply.text}`).toBeLessThan(500);
      }
    }
  },
);

test.each(
  writes.filter(({ route }) => /^create(User|Customer)$/.test(route.id)).map((one) => ({ name: nameOf(one), one })),
)('$name is bounded by what comes, whatever Content-Length says', async ({ one }) => {
  const scene = await openScene(one);
  const large = `${JSON.stringify(bodyOf(scene))}${' '.repeat(BODY_MAX_BYTES)}`;
  const stream = () => new Blob([large]).stream();
  for (const length of ['1', '0', '-1', 'many', '1e1', '0x10', '']) {
    const headers = { 'Content-Length': length, 'Content-Type': 'application/json' };
    expect((await request(scene, { body: stream(), headers })).status, length).toBe(413);
  }
  expect((await request(scene, { body: stream(), headers: { 'Content-Type': 'application/json' } })).status).toBe(413);
});
