import { beforeAll, expect, test } from 'vitest';
import { footprint } from '../../support/measures/footprint.ts';
import { done, failed, makeAccount } from '../../support/people/accounts.ts';
import { muteQueues } from '../../support/queues.ts';
import { unique } from '../../support/world.ts';

beforeAll(muteQueues);

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
const add = (path: string, value: unknown) => ({ op: 'add', path, value });
const remove = (path: string) => ({ op: 'remove', path });
const check = (path: string, value: unknown) => ({ op: 'test', path, value });
const from = (op: 'move' | 'copy', source: string, path: string) => ({ op, from: source, path });
const STARTING = ['account.user', 'branding.admin', 'customer.admin'] as const;

test.each<[object[], object]>([
  [[replace('/displayName', 'Sam Roe')], { displayName: 'Sam Roe' }],
  [[add('/displayName', ' Sam ')], { displayName: 'Sam' }],
  [[replace('/roles', ['user.admin', 'user.admin'])], { roles: ['user.admin'] }],
  [[replace('/roles', [])], { roles: [] }],
  [[remove('/roles')], { roles: [] }],
  [[remove('/roles/1')], { roles: ['account.user', 'customer.admin'] }],
  [[replace('/roles/1', 'user.admin')], { roles: ['account.user', 'user.admin', 'customer.admin'] }],
  [[add('/roles/-', 'user.admin')], { roles: [...STARTING, 'user.admin'] }],
  [[add('/roles/0', 'user.admin')], { roles: ['user.admin', ...STARTING] }],
  [[add('/roles/3', 'user.admin')], { roles: [...STARTING, 'user.admin'] }],
  [[add('/roles/-', 'branding.admin')], {}],
  [[from('move', '/roles/2', '/roles/0')], { roles: ['customer.admin', 'account.user', 'branding.admin'] }],
  [[from('copy', '/roles/2', '/roles/-')], {}],
  [[check('/roles/1', 'branding.admin'), remove('/roles/1')], { roles: ['account.user', 'customer.admin'] }],
  [[check('/roles', STARTING), check('/displayName', 'Sam Lee')], {}],
  [[replace('/displayName', ''), replace('/displayName', 'Sam Roe')], { displayName: 'Sam Roe' }],
  [[remove('/displayName'), add('/displayName', 'Sam Roe')], { displayName: 'Sam Roe' }],
  [[add('/roles/-', 'boss'), remove('/roles/3')], {}],
  [[], {}],
])('%j does that and no more', async (operations, changes) => {
  const { users, api, makeUser, shown } = await makeAccount();
  const { path: _, ...before } = await makeUser(...STARTING);
  const reply = await api.patch(`${users}/${before.id}`, operations);
  expect([reply.status, reply.body]).toEqual([200, done]);
  expect(await shown(before.id)).toEqual({ ...before, ...changes });
});

const target = (segment: string) => `The target location specified by path segment '${segment}' was not found.`;
const DEEP = 20_000;
const names = (field: string) => expect.stringContaining(`'${field}'`);

test.each<[unknown[], number, unknown]>([
  [[replace('/nickname', 'Sam')], 400, target('nickname')],
  [[replace('/id', crypto.randomUUID())], 400, target('id')],
  [[replace('/primaryTenant', crypto.randomUUID())], 400, target('primaryTenant')],
  [[replace('/role', 'reseller-admin')], 400, target('role')],
  [[add('/__proto__', { roles: ['user.admin'] })], 400, names('1.value')],
  [[add('/__proto__/roles', ['user.admin'])], 400, target('__proto__')],
  [[add('/constructor/prototype/roles', ['user.admin'])], 400, target('constructor')],
  [[add('/roles/__proto__', 'user.admin')], 400, target('__proto__')],
  [[add('/roles/constructor', 'user.admin')], 400, target('constructor')],
  [[add('/displayName/0', 'X')], 400, target('0')],
  [[add('/roles/0/x', 'X')], 400, target('x')],
  [[add('/roles/4', 'user.admin')], 400, target('4')],
  [[add('/roles/01', 'user.admin')], 400, target('01')],
  [[add('/roles/-1', 'user.admin')], 400, target('-1')],
  [[add('/roles/1e0', 'user.admin')], 400, target('1e0')],
  [[add('/roles/4294967296', 'user.admin')], 400, target('4294967296')],
  [[add('/roles/', 'user.admin')], 400, target('')],
  [[add('/roles~1-', 'user.admin')], 400, target('roles/-')],
  [[replace('/roles/-', 'user.admin')], 400, target('-')],
  [[remove('/roles/3')], 400, target('3')],
  [[remove('/roles'), add('/roles/-', 'user.admin')], 400, target('-')],
  [[from('move', '/nickname', '/displayName')], 400, target('nickname')],
  [[from('copy', '/roles/7', '/displayName')], 400, target('7')],
  [[check('/displayName', 'Somebody else')], 400, names('1.value')],
  [[check('/roles', [...STARTING].reverse())], 400, names('1.value')],
  [[remove('/displayName')], 400, names('displayName')],
  [[remove('/email')], 400, names('email')],
  [[replace('/displayName', 'n'.repeat(101))], 400, names('displayName')],
  [[replace('/displayName', 7)], 400, names('displayName')],
  [[replace('/displayName', null)], 400, names('displayName')],
  [[replace('/email', 'nobody')], 400, names('email')],
  [[replace('/email', { a: 'sam@example.com' })], 400, names('1.value')],
  [[add('/roles/-', 'boss')], 400, names('roles.3')],
  [[add('/roles/-', ['user.admin'])], 400, names('roles.3')],
  [[replace('/roles', 'user.admin')], 400, names('roles')],
  [[replace('/roles', { 0: 'user.admin', length: 1 })], 400, names('1.value')],
  [[from('copy', '/roles', '/roles/-')], 400, names('roles.3')],
  [[from('copy', '/roles', '/displayName')], 400, names('displayName')],
  [[replace('displayName', 'Sam')], 400, names('1.path')],
  [[replace('', { displayName: 'Sam' })], 400, names('1.path')],
  [[replace('/~2', 'Sam')], 400, names('1.path')],
  [[{ op: 'push', path: '/roles', value: 'user.admin' }], 400, names('1.op')],
  [[{ op: 'add', path: '/roles/-' }], 400, names('1.value')],
  [[{ op: 'move', path: '/roles/0' }], 400, names('1.from')],
  [[{ op: 'remove' }], 400, names('1.path')],
  [['remove'], 400, names('1')],
  [[null], 400, names('1')],
  [Array(100).fill(check('/displayName', 'Sam Roe')), 400, expect.stringContaining('at most 100')],
  [Array(90).fill(from('copy', '/roles', '/roles/-')), 413, expect.anything()],
])('%j is refused with all that stands beside it', async (operations, status, message) => {
  const { users, api, makeUser } = await makeAccount();
  const { id } = await makeUser(...STARTING);
  const before = await footprint();
  const reply = await api.patch(`${users}/${id}`, [replace('/displayName', 'Sam Roe'), ...operations]);
  expect([reply.status, reply.body]).toEqual([status, failed(status, message)]);
  expect(await footprint()).toEqual(before);
});

test.each(['add', 'replace', 'test'])('a value as deep as a body can be does %s no harm', async (op) => {
  const { users, api, makeUser } = await makeAccount();
  const { id } = await makeUser(...STARTING);
  const [list, object] = [
    `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
    `${'{"a":'.repeat(DEEP / 2)}1${'}'.repeat(DEEP / 2)}`,
  ];
  for (const value of [list, object]) {
    for (const path of ['/roles', '/roles/0', '/displayName']) {
      const reply = await api.patch(`${users}/${id}`, `[{"op":"${op}","path":"${path}","value":${value}}]`);
      expect([path, reply.status]).toEqual([path, 400]);
    }
  }
});

test('a patch says by its media type what it is', async () => {
  const { users, api, makeUser, shown } = await makeAccount();
  const { id } = await makeUser();
  const patch = (type: string, displayName: string) =>
    api.send('PATCH', `${users}/${id}`, [replace('/displayName', displayName)], { 'Content-Type': type });
  for (const type of [
    'application/json',
    'application/json-patch+json',
    'Application/JSON-Patch+JSON; charset=utf-8',
  ]) {
    const displayName = unique('Sam');
    expect((await patch(type, displayName)).status).toBe(200);
    expect((await shown(id)).displayName).toBe(displayName);
  }
  for (const type of ['application/merge-patch+json', 'text/plain', 'application/xml'])
    expect(await patch(type, 'Sam')).toMatchObject({ status: 415, body: failed(415, expect.anything()) });
});

test('an address that somebody else has is taken by a patch no less', async () => {
  const { users, api, makeUser, shown } = await makeAccount();
  const [one, other] = [await makeUser(), await makeUser()];
  const reply = await api.patch(`${users}/${one.id}`, [replace('/email', other.email.toUpperCase())]);
  expect([reply.status, reply.body]).toEqual([409, failed(409, 'This e-mail address cannot be used.')]);
  expect((await shown(one.id)).email).toBe(one.email);
  expect((await api.patch(`${users}/${one.id}`, [replace('/email', one.email.toUpperCase())])).status).toBe(200);
});

test('of somebody whom another dialect made, only what a patch changes is judged', async () => {
  const { base, users, api, shown } = await makeAccount();
  const customer = (await api.post('/reseller/customers', { name: unique('Customer') })).body.customer_id;
  const nameless = { username: `${unique('x')}@example.com`, role: 'user' };
  const { user_id } = (await api.post(`/reseller/customers/${customer}/users`, nameless)).body;
  const long = { firstName: ' F'.repeat(100), lastName: 'L'.repeat(200), email: `${'e'.repeat(230)}@example.com` };
  const rest = { role: 'user', allowCustomerPortalAccess: true, password: 'correct horse battery' };
  const { id } = (await api.post(`${base}/users`, { ...long, ...rest })).body;
  for (const userId of [user_id, id]) {
    const before = await shown(userId);
    expect((await api.patch(`${users}/${userId}`, [replace('/roles', ['user.admin'])])).status).toBe(200);
    expect(await shown(userId)).toEqual({ ...before, roles: ['user.admin'] });
  }
});
