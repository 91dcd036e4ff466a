import { beforeAll, expect, test } from 'vitest';
import { measureGauges } from '../../src/db/jobs/gauges.ts';
import { sendOverdueTasks } from '../../src/delivery/relay.ts';
import { REQUEST_ROWS_MAX, WEBHOOK_OVERDUE_MS } from '../../src/model/limits/index.ts';
import { own } from '../support/generators/own-routes.ts';
import { declared, nameOf, openScene, request, type Scene } from '../support/generators/routes.ts';
import { rowsReadBy } from '../support/measures/rows-read.ts';
import { signIn } from '../support/people/signed-in.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { operator, rows } from '../support/world.ts';
import { makeLargeTenant } from './large-tenant.ts';

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

const table = declared.map((one) => [nameOf(one), one] as const).filter(([, { route }]) => route.method !== 'DELETE');

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
  const client = (await api.post(`/v1.0/accounts/${id}/clients`, { name: 'c', scopes: ['event:read'] })).body.data.id;
  const account = `/v1.0/accounts/${id}`;
  const found: Record<string, number> = {};
  for (const path of [
    `/v3/users/${of.userId}/sessions`,
    `${account}/storageAccounts/${of.storageAccountId}?purge=true`,
    `/v3/users/${of.userId}/2fa`,
    `${base}/users/${of.userId}`,
    `${base}/organizations/${of.organizationId}`,
    `${account}/clients/${client}`,
  ]) {
    found[path] = await rowsReadBy(async () => {
      const { status, text } = await api.delete(path);
      expect([200, 202, 204], text).toContain(status);
    });
  }
  expect(Object.entries(found).filter(([, read]) => read > REQUEST_ROWS_MAX)).toEqual([]);
});

test('switching a webhook off and on, and deleting it, moves none of what waits for it, and the sweep looks at none', async () => {
  const { api, ids: of } = tenant;
  const path = `/v3/webhooks/${of.webhookId}`;
  const sweep = async () => {
    const { worker, sent, clock } = stoppedWorld(Date.now() + 2 * WEBHOOK_OVERDUE_MS);
    const read = await rowsReadBy(async (db) => {
      await measureGauges(db, clock.nowMs);
      await sendOverdueTasks({ ...worker, db });
    });
    const woken = sent.tasks.some(({ body }) => body['endpointId'] === of.webhookId);
    return [read <= REQUEST_ROWS_MAX || read, woken];
  };
  const ask = (work: () => Promise<{ status: number }>) => async () => {
    const read = await rowsReadBy(async () => expect((await work()).status).toBeLessThan(300));
    return [read <= REQUEST_ROWS_MAX || read, ...(await sweep())];
  };
  await rows('update events set relay_at = null');
  await rows('delete from webhook_deliveries where endpoint_id = ? and event_id is null', of.webhookId);
  expect(await ask(() => api.patch(path, { enabled: false }))()).toEqual([true, true, false]);
  expect(await ask(() => api.patch(path, { enabled: true }))()).toEqual([true, true, true]);
  expect(await ask(() => api.delete(path))()).toEqual([true, true, false]);
});

test('disabling, enabling and deleting an account moves none of its mails, webhooks or sessions', async () => {
  const { id } = tenant;
  const platform = await operator();
  const found: Record<string, number> = {};
  const ask = async (name: string, work: () => Promise<{ status: number }>) => {
    found[name] = await rowsReadBy(async () => expect((await work()).status).toBeLessThan(300));
  };
  const enable = (value: boolean) =>
    platform.patch(`/v1.0/accounts/${id}`, [{ op: 'replace', path: '/enabled', value }]);
  await ask('disable', () => enable(false));
  await ask('enable', () => enable(true));
  await ask('delete', () => platform.delete(`/v1.0/accounts/${id}`));
  expect(Object.entries(found).filter(([, read]) => read > REQUEST_ROWS_MAX)).toEqual([]);
});
