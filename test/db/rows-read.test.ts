import { beforeAll, expect, test } from 'vitest';
import { REQUEST_ROWS_MAX } from '../../src/model/limits.ts';
import { makeLargeTenant } from '../support/large-tenant.ts';
import { own } from '../support/own-routes.ts';
import { muteQueues } from '../support/queues.ts';
import { declared, nameOf, openScene, request, type Scene } from '../support/routes.ts';
import { rowsReadBy } from '../support/rows-read.ts';
import { signIn } from '../support/signed-in.ts';

let tenant: Awaited<ReturnType<typeof makeLargeTenant>>;

beforeAll(async () => {
  muteQueues();
  tenant = await makeLargeTenant();
}, 120_000);

/** What lists are asked by that may have much to look at. */
const QUERIES = [
  'search=nobody',
  'search=nobody&page=1',
  'search=nobody&page=3',
  'search=same&sort=-name',
  'page=1000&limit=100',
  'page=21&limit=100',
  'role=nobody',
  'name=same name',
  'name=same name&sort=-email',
  'name[in]=same name,x&sort=updatedAt',
  'name[ne]=same name&page=2',
  'organizationId=:organizationId&sort=name',
  'organizationId=:organizationId&sort=-updatedAt&search=nobody',
  'organizationId=:organizationId&search=nobody',
  'organizationId=:organizationId&page=300',
  'webhookId=:webhookId&status=delivered',
  'webhookId=:webhookId&page=300',
  'createdAt[gte]=1970-01-01&search=nobody',
  'updatedAt[gte]=2020-01-01',
  'lastSeenAt[gte]=2020-01-01&sort=-email',
  'pageIndex=5000',
  'pageIndex=1&pageSize=1000',
  'pageSize=1000',
  'limit=1000',
  'limit=500',
  'limit=100',
  'prefix=k',
  'prefix=zzz',
  'type=reseller.user.deleted&actor=a&subject=',
  'type=reseller.user.deleted&actor=nobody',
  'type=nothing',
  'actor=a&type=nothing',
  'subject=s&type=nothing',
  'subject=s&actor=nobody&sort=-occurredAt',
  'occurredAt[gte]=2026-01-01&actor=a',
  'occurredAt[lt]=1969-01-01&sort=-occurredAt',
  'sort=-occurredAt',
];
const ids = (query: string) =>
  query.replace(/:(\w+)/g, (_, name: string) => String((tenant.ids as Record<string, string>)[name]));
const isKnown = (names: readonly string[], query: string) =>
  [...new URLSearchParams(query).keys()].every((name) => names.includes(name));
const queriesOf = (entries: object = {}) => ['', ...QUERIES.filter((query) => isKnown(Object.keys(entries), query))];

/** The requests that may read more: what moves with the thing that they are about, in its own transaction. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'PATCH /v3/webhooks/:webhookId': 'the events that wait for a webhook are held back, or due, with it',
  'DELETE /v3/webhooks/:webhookId': 'the events that wait for a webhook are held back with it',
};

const table = declared
  .map((one) => [nameOf(one), one] as const)
  .filter(([name, { route }]) => route.method !== 'DELETE' && !(name in EXCEPTIONS));

/** The queries by which a request reads more than it may, each with how much that is. */
async function excessOf(scene: Scene, also: readonly number[] = []): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const query of queriesOf(scene.route.query?.entries)) {
    const read = await rowsReadBy(async () => {
      const { status, text } = await request(scene, { query: `?${ids(query)}` });
      expect([200, 201, 202, 204, 400, 409, ...also], text).toContain(status);
    });
    if (read > REQUEST_ROWS_MAX) found[query] = read;
  }
  return found;
}

test.each(table)('%s reads no more than a request may', async (_, one) => {
  const { id, api } = tenant;
  expect(await excessOf(await openScene(one, undefined, { id, api, ids: tenant.ids }))).toEqual({});
});

test.each(table.filter(([, { route }]) => route.method === 'GET' && /user/.test(route.scope)))(
  '%s reads no more for a user who looks after one customer, or after all',
  async (_, one) => {
    const { id, api, chief, staff } = tenant;
    const scene = await openScene(one, undefined, { id, api, ids: tenant.ids });
    for (const person of [chief, staff]) {
      const caller = Object.assign(await signIn(person.userId, id), { client: api.client });
      expect(await excessOf({ ...scene, caller }, [403, 404])).toEqual({});
    }
  },
);

test.each(own.filter(({ route }) => route.method === 'GET').map((one) => [nameOf(one), one] as const))(
  '%s reads no more than a request may',
  async (_, one) => {
    const { id, api, person } = tenant;
    const caller = Object.assign(await signIn(person.userId, id), { client: api.client });
    expect(await excessOf({ ...one, reseller: id, home: id, caller, ids: tenant.ids, body: undefined })).toEqual({});
  },
);

test('each deletion reads no more than a request may, however much hangs on it', async () => {
  const { id, api, base, ids: of } = tenant;
  const account = `/v1.0/accounts/${id}`;
  const found: Record<string, number> = {};
  for (const path of [
    `/v3/users/${of.userId}/sessions`,
    `${account}/storageAccounts/${of.storageAccountId}?purge=true`,
    `/v3/users/${of.userId}/2fa`,
    `${base}/organizations/${of.organizationId}`,
  ]) {
    found[path] = await rowsReadBy(async () => {
      const { status, text } = await api.delete(path);
      expect([200, 202, 204], text).toContain(status);
    });
  }
  expect(Object.entries(found).filter(([, read]) => read > REQUEST_ROWS_MAX)).toEqual([]);
});

test('every exception is a route', () => {
  expect(Object.keys(EXCEPTIONS).filter((name) => !declared.map(nameOf).includes(name))).toEqual([]);
});
