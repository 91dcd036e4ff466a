import { beforeAll, expect, test } from 'vitest';
import type { Json } from '../../support/api.ts';
import { footprint } from '../../support/measures/footprint.ts';
import { done, failed, makeAccount, newUser, STAMP } from '../../support/people/accounts.ts';
import { muteQueues } from '../../support/queues.ts';
import { unique } from '../../support/world.ts';

beforeAll(muteQueues);

test('a user is created, found where Location says, listed, and deleted', async () => {
  const { id, users, api, heard } = await makeAccount();
  const sent = newUser({ roles: ['user.admin', 'branding.admin', 'user.admin'] });
  const made = await api.post(users, sent);
  const user = {
    id: made.body.data.id,
    displayName: sent.displayName,
    email: sent.email,
    roles: ['account.user', 'user.admin', 'branding.admin'],
    primaryTenant: id,
  };
  expect([made.status, made.body]).toEqual([201, { data: user, ...done }]);
  const location = made.headers.get('Location');
  expect(location).toBe(`https://edge.localhost${users}/${user.id}`);
  const shown = await api.get(new URL(location!).pathname);
  expect([shown.status, shown.body]).toEqual([200, { data: user, ...done }]);
  const other = (await api.post(users, newUser({ roles: ['user.admin'] }))).body.data;
  const listed = await api.get(users);
  expect([listed.status, listed.body]).toEqual([200, { page_size: 2, page_index: 0, data: [user, other], ...done }]);
  const deleted = await api.delete(`${users}/${user.id}`);
  expect([deleted.status, deleted.body]).toEqual([200, done]);
  for (const again of [await api.get(`${users}/${user.id}`), await api.delete(`${users}/${user.id}`)])
    expect([again.status, again.body]).toEqual([404, failed(404, 'Not Found')]);
  expect(await heard(user.id)).toEqual(['created', 'deleted']);
});

test('a user without roles is an account user all the same', async () => {
  const { users, api } = await makeAccount();
  for (const more of [{}, { roles: [] }, { roles: ['account.user'] }])
    expect((await api.post(users, newUser(more))).body.data.roles).toEqual(['account.user']);
});

test.each([
  ['Sam', 'Sam', ''],
  ['  Sam Lee ', 'Sam', 'Lee'],
  ['Sam  van der Lee', 'Sam', ' van der Lee'],
  ['李', '李', ''],
  ['n'.repeat(100), 'n'.repeat(100), ''],
])('the name %j stays whole', async (displayName, firstName, lastName) => {
  const { base, users, api } = await makeAccount();
  const { data } = (await api.post(users, newUser({ displayName }))).body;
  expect(data.displayName).toBe(displayName.trim());
  expect((await api.get(`${base}/users/${data.id}`)).body).toMatchObject({ firstName, lastName });
});

test.each<[object, string]>([
  [{ email: undefined }, 'email'],
  [{ email: 'nobody' }, 'email'],
  [{ email: `${'x'.repeat(200)}@example.com` }, 'email'],
  [{ email: null }, 'email'],
  [{ displayName: undefined }, 'displayName'],
  [{ displayName: '' }, 'displayName'],
  [{ displayName: '   ' }, 'displayName'],
  [{ displayName: 'n'.repeat(101) }, 'displayName'],
  [{ displayName: 'a\0b' }, 'displayName'],
  [{ displayName: 7 }, 'displayName'],
  [{ roles: ['account.user', 'boss'] }, 'roles.1'],
  [{ roles: ['User.Admin'] }, 'roles.0'],
  [{ roles: ['reseller-admin'] }, 'roles.0'],
  [{ roles: ['__proto__'] }, 'roles.0'],
  [{ roles: 'user.admin' }, 'roles'],
  [{ roles: { 0: 'user.admin' } }, 'roles'],
  [{ roles: Array(51).fill('user.admin') }, 'roles'],
])('a user with %j is refused by the name of the field, and leaves nothing behind', async (wrong, field) => {
  const { users, api } = await makeAccount();
  const before = await footprint();
  const reply = await api.post(users, newUser(wrong));
  expect([reply.status, reply.body]).toEqual([400, failed(400, expect.stringContaining(`'${field}'`))]);
  expect(await footprint()).toEqual(before);
});

test('an address that somebody has is taken, however it is written and wherever that one is', async () => {
  const [here, there] = [await makeAccount(), await makeAccount()];
  const { email } = await here.makeUser();
  const before = await footprint();
  for (const { users, api } of [here, there]) {
    const reply = await api.post(users, newUser({ email: ` ${email.toUpperCase()} ` }));
    expect([reply.status, reply.body]).toEqual([409, failed(409, 'This e-mail address cannot be used.')]);
  }
  expect(await footprint()).toEqual(before);
});

test('an id that is none is said again, one that is nobody is not found', async () => {
  const { users, api } = await makeAccount();
  for (const [path, value] of [
    [`${users}/7`, '7'],
    [`${users}/a%20b`, 'a b'],
    [`${users}/7/sendActivationEmail`, '7'],
    ['/v1.0/accounts/mine/users', 'mine'],
  ] as const) {
    const method = path.endsWith('Email') ? 'POST' : 'GET';
    const reply = await api.send(method, path);
    expect([reply.status, reply.body]).toEqual([400, failed(400, `The value '${value}' is not valid.`)]);
  }
  const nobody = await api.get(`${users}/${crypto.randomUUID().toUpperCase()}`);
  expect([nobody.status, nobody.body]).toEqual([404, failed(404, 'Not Found')]);
});

test('an id is the same in capitals', async () => {
  const { users, api, makeUser } = await makeAccount();
  const { id } = await makeUser();
  expect((await api.get(`${users}/${id.toUpperCase()}`)).body.data.id).toBe(id);
});

test('pages are numbered from 0, and each leads to the next by Link', async () => {
  const { users, api, makeUser } = await makeAccount();
  const made: Json[] = [];
  for (let count = 0; count < 5; count++) made.push((await makeUser()).id);
  const seen: Json[] = [];
  let next: string | undefined = `${users}?pageSize=2`;
  for (let index = 0; next !== undefined; index++) {
    const { body, headers } = await api.get(next);
    const ids = body.data.map(({ id }: Json) => id);
    expect(body).toMatchObject({ page_size: ids.length, page_index: index, status: 'success', timestamp: STAMP });
    const numbered = (await api.get(`${users}?pageSize=2&pageIndex=${index}`)).body;
    expect(numbered.data).toEqual(body.data);
    seen.push(...ids);
    const link = /^<https:\/\/edge\.localhost([^>]+)>; rel="next"$/.exec(headers.get('Link') ?? '');
    next = link?.[1];
  }
  expect(seen).toEqual(made);
  const beyond = (await api.get(`${users}?pageIndex=9`)).body;
  expect(beyond).toMatchObject({ page_size: 0, page_index: 9, data: [] });
});

test.each([
  'pageSize=0',
  'pageSize=1001',
  'pageSize=',
  'pageSize=1.5',
  'pageIndex=-1',
  'pageIndex=x',
  'page=1',
  'after=x',
])('a list is not asked for by %s', async (query) => {
  const { users, api } = await makeAccount();
  const [name] = query.split('=');
  const reply = await api.get(`${users}?${query}`);
  expect([reply.status, reply.body]).toEqual([400, failed(400, expect.stringContaining(`'${name}'`))]);
});

test("another account's users are not there", async () => {
  const [mine, other] = [await makeAccount(), await makeAccount()];
  const theirs = await other.makeUser();
  const before = await footprint();
  for (const path of [theirs.path, `${mine.users}/${theirs.id}`]) {
    const replies = [
      await mine.api.get(path),
      await mine.api.patch(path, [{ op: 'replace', path: '/displayName', value: 'Mine' }]),
      await mine.api.delete(path),
      await mine.api.post(`${path}/sendActivationEmail`),
    ];
    for (const reply of replies) expect([reply.status, reply.body]).toEqual([404, failed(404, 'Not Found')]);
  }
  expect((await mine.api.get(other.users)).status).toBe(404);
  expect((await mine.api.post(other.users, newUser())).status).toBe(404);
  expect(await footprint()).toEqual(before);
});

test('the same request under the same key makes one user, and is answered alike', async () => {
  const { users, api, heard } = await makeAccount();
  const [sent, key] = [newUser(), { 'Idempotency-Key': unique('key') }];
  const [first, again] = [await api.post(users, sent, key), await api.post(users, sent, key)];
  expect(again.text).toBe(first.text);
  expect(again.headers.get('Idempotency-Replayed')).toBe('true');
  expect(await heard(first.body.data.id)).toEqual(['created']);
});
