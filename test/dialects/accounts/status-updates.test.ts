import { beforeEach, expect, test, vi } from 'vitest';
import { availableScopes } from '../../../src/model/clients/scope.ts';
import { footprint } from '../../support/measures/footprint.ts';
import { makePublisher, newStatusUpdate } from '../../support/people/subscribers.ts';
import { muteQueues } from '../../support/queues.ts';
import { callerFor, operator, rows } from '../../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
const nothing = { state: 'preparing', recipients: 0, sent: 0, failed: 0, pending: 0 };

test('an update is taken at once, and there to be looked at', async () => {
  const { api, account } = await makePublisher();
  const update = newStatusUpdate();
  const { status, headers, body } = await api.post(`${account}/statusUpdates`, update);
  expect(status).toBe(202);
  const data = { id: expect.any(String), ...update, dateCreated: TIME, ...nothing };
  expect(body).toEqual({ data, status: 'success', timestamp: TIME });
  const address = `${account}/statusUpdates/${body.data.id}`;
  expect(headers.get('Location')).toBe(`https://edge.localhost${address}`);
  expect(await api.get(address)).toMatchObject({ status: 200, body: { data: body.data } });
  expect(await api.get(`${account}/statusUpdates`)).toMatchObject({
    status: 200,
    body: { page_size: 1, page_index: 0, data: [body.data], status: 'success', timestamp: TIME },
  });
});

test('the list shows the newest first, page by page, by number or by cursor', async () => {
  const { api, account, publish } = await makePublisher();
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) ids.unshift(await publish());
  const list = `${account}/statusUpdates`;
  const shown = ({ body }: Awaited<ReturnType<typeof api.get>>) => body.data.map(({ id }: { id: string }) => id);
  expect(shown(await api.get(list))).toEqual(ids);
  expect(shown(await api.get(`${list}?pageSize=2&pageIndex=1`))).toEqual(ids.slice(2, 4));
  const walked: string[] = [];
  for (let next: string | undefined = `${list}?pageSize=2`; next !== undefined; ) {
    const page = await api.get(next);
    walked.push(...shown(page));
    next = /<https:\/\/edge\.localhost([^>]+)>/.exec(page.headers.get('Link') ?? '')?.[1];
  }
  expect(walked).toEqual(ids);
});

test.each([
  ['title', { title: '' }],
  ['title', { title: '  ' }],
  ['title', { title: 'x'.repeat(201) }],
  ['title', { title: 'a\0b' }],
  ['title', { title: undefined }],
  ['body', { body: ' \n ' }],
  ['body', { body: 'x'.repeat(10_001) }],
  ['body', { body: 7 }],
  ['severity', { severity: 'panic' }],
  ['severity', { severity: undefined }],
])('a wrong %s is named, and nothing is published: %j', async (field, wrong) => {
  const { api, account } = await makePublisher();
  const before = await footprint();
  const { status, body } = await api.post(`${account}/statusUpdates`, { ...newStatusUpdate(), ...wrong });
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: 400, status: 'error', message: expect.stringContaining(`'${field}'`) });
  expect(await footprint()).toEqual(before);
});

test('the longest update there may be fits, in characters of any width', async () => {
  const { publish, shown } = await makePublisher();
  const [title, body] = ['題'.repeat(200), `${'本\n'.repeat(4999)}文。`];
  expect(await shown(await publish({ title, body }))).toMatchObject({ title, body });
});

test('a repeated request publishes once', async () => {
  const { api, account, id } = await makePublisher();
  const [key, update] = [{ 'Idempotency-Key': 'one' }, newStatusUpdate()];
  const [first, second] = [
    await api.post(`${account}/statusUpdates`, update, key),
    await api.post(`${account}/statusUpdates`, update, key),
  ];
  expect(second).toMatchObject({ status: 202, body: first.body });
  expect(second.headers.get('Idempotency-Replayed')).toBe('true');
  expect((await api.post(`${account}/statusUpdates`, newStatusUpdate(), key)).status).toBe(422);
  expect(await rows('select 1 from status_updates where reseller_id = ?', id)).toHaveLength(1);
  expect(
    await rows('select 1 from status_update_progress where status_update_id = ?', first.body.data.id),
  ).toHaveLength(1);
});

test('it takes the right to publish, to read as well', async () => {
  const { id, account, publish } = await makePublisher();
  const updateId = await publish();
  const others = await callerFor(
    id,
    availableScopes(id).filter((scope) => scope !== 'status:publish'),
  );
  const before = await footprint();
  for (const reply of [
    await others.post(`${account}/statusUpdates`, newStatusUpdate()),
    await others.get(`${account}/statusUpdates`),
    await others.get(`${account}/statusUpdates/${updateId}`),
  ]) {
    expect(reply).toMatchObject({
      status: 403,
      body: { error: 403, message: expect.stringContaining('status:publish') },
    });
  }
  expect((await footprint())['status_updates']).toBe(before['status_updates']);
});

test("another account's updates are not there, and nobody publishes in its name; the operator may", async () => {
  const [mine, theirs] = [await makePublisher(), await makePublisher()];
  const updateId = await theirs.publish();
  const absent = await mine.api.get(`${mine.account}/statusUpdates/${crypto.randomUUID()}`);
  const stamped = ({ status, body: { timestamp: _, ...body } }: typeof absent) => ({ status, body });
  for (const reply of [
    await mine.api.get(`${mine.account}/statusUpdates/${updateId}`),
    await mine.api.get(`${theirs.account}/statusUpdates/${updateId}`),
    await mine.api.get(`${theirs.account}/statusUpdates`),
    await mine.api.post(`${theirs.account}/statusUpdates`, newStatusUpdate()),
  ]) {
    expect(stamped(reply)).toEqual(stamped(absent));
  }
  expect(absent.status).toBe(404);
  const platform = await operator();
  expect((await platform.post(`${theirs.account}/statusUpdates`, newStatusUpdate())).status).toBe(202);
  expect((await platform.get(`${theirs.account}/statusUpdates`)).body.data).toHaveLength(2);
});

test('ids that are none are said to be', async () => {
  const { api, account } = await makePublisher();
  const { status, body } = await api.get(`${account}/statusUpdates/nope`);
  expect([status, body.message]).toEqual([400, "The value 'nope' is not valid."]);
});
