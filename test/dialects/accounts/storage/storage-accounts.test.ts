import { beforeAll, expect, test } from 'vitest';
import { STORAGE_ACCOUNTS_MAX } from '../../../../src/model/limits/index.ts';
import { muteQueues } from '../../../support/queues.ts';
import { makeStorage, newStorage, storageOf } from '../../../support/storage.ts';
import { callerFor, makeReseller, rows, unique } from '../../../support/world.ts';

beforeAll(muteQueues);

const quota = (value: unknown) => [{ op: 'replace', path: '/quotaBytes', value }];

test('a storage account is made, shown, listed, changed and deleted', async () => {
  const { id: resellerId, api } = await makeReseller();
  const accounts = `/v1.0/accounts/${resellerId}/storageAccounts`;
  const name = unique('Storage');
  const made = await api.post(accounts, { name, jurisdiction: 'eu', quotaBytes: 500, usedBytes: 7 });
  expect(made.status, made.text).toBe(201);
  const { data } = made.body;
  expect(data).toEqual({
    id: expect.any(String),
    name,
    jurisdiction: 'eu',
    quotaBytes: 500,
    usedBytes: 0,
    objectCount: 0,
    dateCreated: expect.stringMatching(/\.\d{7}Z$/),
    purge: null,
  });
  const path = `${accounts}/${data.id}`;
  expect(new URL(made.headers.get('Location')!).pathname).toBe(path);
  expect((await api.get(path)).body.data).toEqual(data);
  const { body: second } = await api.post(accounts, newStorage());
  expect(second.data.jurisdiction).toBe('default');
  expect((await api.get(accounts)).body).toMatchObject({ page_size: 2, page_index: 0, data: [data, second.data] });
  expect((await api.get(`${accounts}?pageSize=1&pageIndex=1`)).body).toMatchObject({ data: [second.data] });

  const patch = [{ op: 'replace', path: '/name', value: ' Renamed ' }, ...quota(600)];
  expect(await api.patch(path, patch)).toMatchObject({ status: 200 });
  expect((await api.get(path)).body.data).toEqual({ ...data, name: 'Renamed', quotaBytes: 600 });
  for (const wrong of [
    quota(0),
    quota(1.5),
    quota('1'),
    quota(2 ** 51),
    [{ op: 'remove', path: '/quotaBytes' }],
    [{ op: 'replace', path: '/jurisdiction', value: 'default' }],
    [{ op: 'replace', path: '/usedBytes', value: 0 }],
    [...quota(700), { op: 'replace', path: '/name', value: '' }],
  ])
    expect(await api.patch(path, wrong), JSON.stringify(wrong)).toMatchObject({ status: 400 });
  expect((await api.get(path)).body.data.quotaBytes).toBe(600);

  const gone = await api.delete(path);
  expect(gone).toMatchObject({ status: 200, body: { status: 'success', timestamp: expect.any(String) } });
  expect(gone.body).not.toHaveProperty('data');
  for (const method of ['GET', 'DELETE']) expect(await api.send(method, path)).toMatchObject({ status: 404 });
  expect(await api.patch(path, quota(1))).toMatchObject({ status: 404 });
  expect((await api.get(accounts)).body.data).toEqual([second.data]);
});

test.each([
  [{ quotaBytes: 1 }],
  [{ name: 'x' }],
  [{ name: 'x', quotaBytes: 0 }],
  [{ name: 'x', quotaBytes: -1 }],
  [{ name: 'x', quotaBytes: 1.5 }],
  [{ name: 'x', quotaBytes: 2 ** 51 }],
  [{ name: ' ', quotaBytes: 1 }],
  [{ name: 'x'.repeat(101), quotaBytes: 1 }],
  [{ name: 'x', quotaBytes: 1, jurisdiction: 'us' }],
])('%j makes no storage account', async (body) => {
  const { id, api } = await makeReseller();
  expect(await api.post(`/v1.0/accounts/${id}/storageAccounts`, body)).toMatchObject({ status: 400 });
});

test('a name is taken once in a reseller, and free again with the deletion', async () => {
  const { resellerId, api, accounts, path, id } = await makeStorage({ name: 'Straße' });
  const twin = { ...newStorage(), name: 'STRASSE' };
  expect(await api.post(accounts, twin)).toMatchObject({ status: 201 });
  const same = { ...newStorage(), name: 'sTRaße' };
  expect(await api.post(accounts, same)).toMatchObject({ status: 409 });
  const other = await storageOf(resellerId, api);
  const rename = [{ op: 'replace', path: '/name', value: 'straße' }];
  expect(await api.patch(other.path, rename)).toMatchObject({ status: 409 });
  expect(await api.patch(path, rename)).toMatchObject({ status: 200 });
  expect(await makeStorage({ name: 'Straße' })).toBeTruthy();
  await api.delete(path);
  expect(await api.post(accounts, same)).toMatchObject({ status: 201 });
  expect(id).toBeTruthy();
});

test('a reseller has so many storage accounts and no more', async () => {
  const { resellerId, api, accounts } = await makeStorage();
  await rows(
    `insert into storage_accounts (id, reseller_id, name, name_key, jurisdiction, quota_bytes, created_at, updated_at)
     with recursive counted (n) as (select 2 union all select n + 1 from counted where n < ?)
     select ? || n, ?, n, n, 'eu', 1, 1, 1 from counted`,
    STORAGE_ACCOUNTS_MAX,
    unique('x'),
    resellerId,
  );
  const refused = await api.post(accounts, newStorage());
  expect(refused).toMatchObject({ status: 409, body: { message: 'No more storage accounts are allowed here.' } });
});

test('a quota may fall below what is used: nothing goes, and nothing more comes in', async () => {
  const { api, path, put, get, shown } = await makeStorage({ quotaBytes: 10 });
  await put('a', '12345678');
  expect(await api.patch(path, quota(5))).toMatchObject({ status: 200 });
  expect(await shown()).toMatchObject({ quotaBytes: 5, usedBytes: 8 });
  expect((await get('a')).text).toBe('12345678');
  expect(await put('b', '')).toMatchObject({ status: 413 });
  expect(await put('a', '1')).toMatchObject({ status: 413 });
  await api.patch(path, quota(9));
  expect(await put('b', '1')).toMatchObject({ status: 201 });
});

test('a deletion is refused while an object stands, and until then nothing is closed', async () => {
  const { api, path, put, get, ask, shown } = await makeStorage();
  await put('a', 'x');
  for (const query of ['', '?purge=false']) {
    expect(await api.delete(`${path}${query}`)).toMatchObject({ status: 409, body: { error: 409 } });
  }
  for (const query of ['?purge=yes', '?purge=', '?purge=true&purge=true', '?x=1'])
    expect(await api.delete(`${path}${query}`)).toMatchObject({ status: 400 });
  expect(await shown()).toMatchObject({ objectCount: 1, purge: null });
  expect(await get('a')).toMatchObject({ status: 200 });
  await ask('DELETE', 'a');
  expect(await api.delete(path)).toMatchObject({ status: 200 });
});

test('who may only read changes nothing, and who may only write reads nothing', async () => {
  const { resellerId, accounts, path, objects, put } = await makeStorage();
  await put('a', 'x');
  const reader = await callerFor(resellerId, ['storage:read']);
  for (const address of [accounts, path, objects, `${objects}/a`])
    expect(await reader.get(address)).toMatchObject({ status: 200 });
  expect(await reader.post(accounts, newStorage())).toMatchObject({ status: 403 });
  expect(await reader.patch(path, quota(1))).toMatchObject({ status: 403 });
  for (const address of [path, `${objects}/a`]) expect(await reader.delete(address)).toMatchObject({ status: 403 });
  expect(await reader.put(`${objects}/a`, 'y')).toMatchObject({ status: 403 });
  const writer = await callerFor(resellerId, ['storage:write']);
  for (const address of [accounts, path, objects, `${objects}/a`])
    expect(await writer.get(address)).toMatchObject({ status: 403 });
  expect(await writer.delete(`${objects}/a`)).toMatchObject({ status: 200 });
});

test("nobody reaches a deleted reseller's storage, the operator neither", async () => {
  const { resellerId, objects, path, put, api } = await makeStorage();
  await put('a', 'x');
  await rows('update resellers set deleted_at = 1 where id = ?', resellerId);
  const platform = await callerFor(null);
  for (const address of [path, objects, `${objects}/a`]) {
    expect(await api.get(address)).toMatchObject({ status: 401 });
    expect(await platform.get(address)).toMatchObject({ status: 404 });
  }
});
