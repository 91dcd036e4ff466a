import { expect, test } from 'vitest';
import { callerFor, makeReseller, newOrganization, newUser, operator, unique } from '../../support/world.ts';

const SEVEN_DIGITS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/;
const done = { status: 'success', timestamp: expect.stringMatching(SEVEN_DIGITS) };

test('the operator creates, reads, patches and deletes an account', async () => {
  const platform = await operator();
  const sent = { name: unique('Account'), description: 'd', reference: 'r', timezone: 'Asia/Tokyo', countryCode: 'jp' };
  const made = await platform.post('/v1.0/accounts', sent);
  const { id, dateCreated } = made.body.data;
  const account = {
    id,
    ...sent,
    countryCode: 'JP',
    dateCreated: expect.stringMatching(SEVEN_DIGITS),
    parentTenantId: null,
    enabled: false,
    dateDeleted: null,
  };
  expect([made.status, made.body]).toEqual([201, { data: account, ...done }]);
  const location = made.headers.get('Location') ?? '';
  expect(location).toMatch(new RegExp(`/v1.0/accounts/${id}$`));
  const patch = [
    { op: 'replace', path: '/enabled', value: true },
    { op: 'remove', path: '/timezone' },
    { op: 'replace', path: '/reference', value: '' },
  ];
  const patched = await platform.patch(`/v1.0/accounts/${id}`, patch);
  expect([patched.status, patched.body]).toEqual([200, done]);
  const shown = await platform.get(new URL(location).pathname);
  const now = { ...account, dateCreated, enabled: true, timezone: null, reference: '' };
  expect([shown.status, shown.body.data]).toEqual([200, now]);
  const deleted = await platform.delete(`/v1.0/accounts/${id}`);
  expect([deleted.status, deleted.body]).toEqual([200, done]);
  const flagged = await platform.get(`/v1.0/accounts/${id}`);
  expect(flagged.body.data).toEqual({ ...now, enabled: false, dateDeleted: expect.stringMatching(SEVEN_DIGITS) });
  expect((await platform.get(`/v3/resellers/${id}`)).status).toBe(404);
  expect((await platform.delete(`/v1.0/accounts/${id}`)).body).toMatchObject({ error: 404, message: 'Not Found' });
});

test.each([
  [{ name: '' }, 'name'],
  [{ name: '   ' }, 'name'],
  [{ name: 'n'.repeat(101) }, 'name'],
  [{ description: 'd'.repeat(201) }, 'description'],
  [{ reference: 'r'.repeat(201) }, 'reference'],
  [{ timezone: 'Mars/Olympus' }, 'timezone'],
  [{ timezone: '+01:00' }, 'timezone'],
  [{ countryCode: 'XX' }, 'countryCode'],
  [{ enabled: 'yes' }, 'enabled'],
  [{ parentTenantId: 'me' }, 'parentTenantId'],
])('an account with %j is refused and leaves nothing behind', async (wrong, field) => {
  const platform = await operator();
  const name = unique('Account');
  const reply = await platform.post('/v1.0/accounts', { name, ...wrong });
  expect(reply.status).toBe(400);
  expect(reply.body).toEqual({
    error: 400,
    message: expect.stringContaining(`'${field}'`),
    status: 'error',
    timestamp: expect.stringMatching(SEVEN_DIGITS),
  });
  expect((await platform.post('/v1.0/accounts', { name })).status).toBe(201);
});

test('a patch is all or nothing, and leaves alone what another shape said', async () => {
  const platform = await operator();
  const { id, base } = await makeReseller({ description: 'x'.repeat(256), allowedUsers: 7 });
  const patch = (...operations: object[]) => platform.patch(`/v1.0/accounts/${id}`, operations);
  const bad = await patch(
    { op: 'replace', path: '/reference', value: 'kept?' },
    { op: 'replace', path: '/countryCode', value: 'Atlantis' },
  );
  expect([bad.status, bad.body.message]).toEqual([400, expect.stringContaining("'countryCode'")]);
  const missing = await patch({ op: 'replace', path: '/email', value: 'a@example.com' });
  expect(missing.body.message).toBe("The target location specified by path segment 'email' was not found.");
  expect((await platform.get(`/v1.0/accounts/${id}`)).body.data.reference).toBe('');
  expect((await patch({ op: 'replace', path: '/name', value: unique('Renamed') })).status).toBe(200);
  expect((await platform.get(base)).body).toMatchObject({ description: 'x'.repeat(256), allowedUsers: 7 });
});

test("an account's own client sees its own account, its metrics, and changes neither", async () => {
  const [mine, other] = [await makeReseller(), await makeReseller()];
  await mine.api.post(`${mine.base}/users`, newUser());
  const made = await mine.api.post(`${mine.base}/organizations`, newOrganization());
  const roles = ['user.admin'];
  const email = `${unique('a')}@example.com`;
  await mine.api.post(`/v1.0/accounts/${mine.id}/users`, { email, displayName: 'A', roles });
  const listed = await mine.api.get('/v1.0/accounts');
  expect(listed.body).toMatchObject({ page_size: 1, page_index: 0, data: [{ id: mine.id }] });
  const { body } = await mine.api.get(`/v1.0/accounts/${mine.id}/metrics`);
  expect(body.data).toMatchObject({ users: 2, customers: 1, dateLastUserCreated: expect.stringMatching(SEVEN_DIGITS) });
  expect(body.data.usersByRole).toMatchObject({ 'account.user': 2, 'user.admin': 1, 'branding.admin': 0 });
  await mine.api.delete(`${mine.base}/organizations/${made.body.id}`);
  const later = (await mine.api.get(`/v1.0/accounts/${mine.id}/metrics`)).body.data;
  expect(later).toMatchObject({ customers: 0, dateLastCustomerCreated: null });
  expect((await mine.api.get(`/v1.0/accounts/${other.id}`)).status).toBe(404);
  expect((await mine.api.get(`/v1.0/accounts/${other.id}/metrics`)).status).toBe(404);
  expect((await mine.api.patch(`/v1.0/accounts/${mine.id}`, [])).status).toBe(403);
  expect((await mine.api.delete(`/v1.0/accounts/${mine.id}`)).status).toBe(403);
});

test('a parent is a reseller that is there', async () => {
  const platform = await operator();
  const { id: parentTenantId, base } = await makeReseller();
  const make = () => platform.post('/v1.0/accounts', { name: unique('Child'), parentTenantId });
  expect((await make()).body.data.parentTenantId).toBe(parentTenantId);
  await platform.delete(base);
  expect((await make()).status).toBe(404);
});

test('pages are numbered from 0, and go on by cursor too', async () => {
  const platform = await callerFor(null);
  for (let made = 0; made < 3; made++) await makeReseller();
  const first = await platform.get('/v1.0/accounts?pageSize=2');
  expect(first.body).toMatchObject({ page_size: 2, page_index: 0 });
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('Link') ?? '')?.[1] ?? '';
  const { pathname, search } = new URL(next);
  const [byCursor, byNumber] = [
    await platform.get(pathname + search),
    await platform.get('/v1.0/accounts?pageSize=2&pageIndex=1'),
  ];
  expect(byCursor.body.page_index).toBe(1);
  expect(byCursor.body.data).toEqual(byNumber.body.data);
  const past = await platform.get('/v1.0/accounts?pageSize=1000&pageIndex=99');
  expect(past.body).toMatchObject({ page_size: 0, page_index: 99, data: [] });
  for (const wrong of ['pageSize=0', 'pageSize=1001', 'pageIndex=-1', 'pageIndex=x', 'page=1']) {
    expect((await platform.get(`/v1.0/accounts?${wrong}`)).status).toBe(400);
  }
});
