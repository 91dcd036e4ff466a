import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { iso31661Alpha2ToAlpha3 } from 'iso-3166';
import { beforeAll, describe, expect, test } from 'vitest';
import worker from '../../../src/index.ts';
import type { Reply } from '../../support/api.ts';
import { makeRealm, newCustomer, newMember } from '../../support/people/customers.ts';
import { callerFor, operator, rows } from '../../support/world.ts';

type Realm = Awaited<ReturnType<typeof makeRealm>>;
type Customer = Awaited<ReturnType<Realm['makeCustomer']>>;

let realm: Realm;
let customer: Customer;
let user: Awaited<ReturnType<Customer['makeUser']>>;

beforeAll(async () => {
  realm = await makeRealm();
  customer = await realm.makeCustomer();
  user = await customer.makeUser();
});

const nested = (path: readonly string[], value: unknown): object =>
  path.reduceRight((inner: unknown, name) => ({ [name]: inner }), value) as object;

/** That the body names just this place, and what kind of problem it has. */
function expectIssue(reply: Reply, loc: readonly string[], type: string): void {
  expect([reply.status, reply.body], reply.text).toEqual([422, { detail: [{ loc, msg: expect.any(String), type }] }]);
}

const ADDRESS = ['organizational_info', 'address'];
const customerTexts = [
  ['organizational_info', 'company_name'],
  ['organizational_info', 'industry'],
  ['organizational_info', 'sector'],
  ['organizational_info', 'additional_sensitive_personal_data_attributes'],
  [...ADDRESS, 'address_line_1'],
  [...ADDRESS, 'address_line_2'],
  [...ADDRESS, 'city'],
  [...ADDRESS, 'zip_code'],
];
const notText = [
  [7, 'string_type'],
  [true, 'string_type'],
  [['x'], 'string_type'],
  [{}, 'string_type'],
  ['x'.repeat(257), 'string_too_long'],
  ['nul\0', 'value_error'],
  ['\ud800', 'value_error'],
] as const;
const EMPLOYEES = ['organizational_info', 'number_of_employees'];

describe('a field of a customer that is wrong is named, when it is made and when it is changed', () => {
  const wrong: [path: readonly string[], value: unknown, type: string][] = [
    ...[['name'], ...customerTexts].flatMap((path) =>
      notText.map(([value, type]): [readonly string[], unknown, string] => [path, value, type]),
    ),
    [['name'], '', 'string_too_short'],
    [EMPLOYEES, -1, 'greater_than_equal'],
    [EMPLOYEES, 1.5, 'int_from_float'],
    [EMPLOYEES, 2_147_483_648, 'less_than_equal'],
    [EMPLOYEES, '12', 'int_type'],
    [['organizational_info', 'paragraph_203_StGB_applies'], 'yes', 'bool_type'],
    [['organizational_info', 'paragraph_203_StGB_applies'], 1, 'bool_type'],
    [['use_technical_interface'], 'true', 'bool_type'],
    [['organizational_info'], 'x', 'model_attributes_type'],
    [['organizational_info'], [], 'model_attributes_type'],
    [ADDRESS, 7, 'model_attributes_type'],
    [ADDRESS, [{ city: 'Bern' }], 'model_attributes_type'],
    ...['', 'de', 'De', 'UK', 'XX', 'EU', 'AN', 'DEU', ' DE', 'Germany', 276, 'toString'].map(
      (value): [readonly string[], unknown, string] => [[...ADDRESS, 'country'], value, 'enum'],
    ),
  ];
  test.each(wrong)('%j: %j', async (path, value, type) => {
    const before = await customer.shown();
    const body = nested(path, value);
    expectIssue(await realm.api.post('/reseller/customers', { ...newCustomer(), ...body }), ['body', ...path], type);
    expectIssue(await realm.api.put(customer.path, body), ['body', ...path], type);
    expect(await customer.shown()).toEqual(before);
  });

  test('the name where it is missing or null', async () => {
    expectIssue(await realm.api.post('/reseller/customers', {}), ['body', 'name'], 'missing');
    expectIssue(await realm.api.post('/reseller/customers', { name: null }), ['body', 'name'], 'string_type');
    expect(await rows('select 1 from organizations where reseller_id = ?', realm.id)).toHaveLength(1);
  });
});

describe('a field of a user that is wrong is named', () => {
  const wrong: [field: string, value: unknown, type: string][] = [
    ...['first_name', 'last_name', 'job_title', 'phone'].flatMap((field) =>
      notText.map(([value, type]): [string, unknown, string] => [field, value, type]),
    ),
    ['username', undefined, 'missing'],
    ['username', null, 'string_type'],
    ['username', 7, 'string_type'],
    ...['', 'nobody', 'a@b', 'a..b@example.com', 'a b@example.com', 'a@b.co\r\nBcc: c@d.co', 'a@b@example.com'].map(
      (value): [string, unknown, string] => ['username', value, 'value_error'],
    ),
    ['username', `${'x'.repeat(250)}@example.com`, 'string_too_long'],
    ['role', undefined, 'missing'],
    ...[null, '', 'Manager', 'admin', 'organization-admin', 1].map((value): [string, unknown, string] => [
      'role',
      value,
      'enum',
    ]),
    ...['', 'EN', 'en-GB', 'it', 7].map((value): [string, unknown, string] => [
      'communication_language',
      value,
      'enum',
    ]),
  ];
  test.each(wrong)('%s: %j', async (field, value, type) => {
    const reply = await realm.api.post(customer.users, { ...newMember(), [field]: value });
    expectIssue(reply, ['body', field], type);
    if (!['first_name', 'last_name', 'job_title'].includes(field)) return;
    expectIssue(await realm.api.put(user.path, { [field]: value }), ['body', field], type);
  });

  test('and nothing is left behind', async () => {
    expect(await rows('select 1 from users where reseller_id = ?', realm.id)).toHaveLength(1);
    expect(await user.shown()).toMatchObject({ first_name: '', last_name: '', job_title: '' });
  });
});

test('every text takes 256 characters of any script', async () => {
  const { makeCustomer, api } = await makeRealm();
  const long = `${'字'.repeat(254)}😀`;
  const texts = (paths: string[][]) => Object.fromEntries(paths.map((path) => [path.at(-1), long]));
  const organizational_info = { ...texts(customerTexts.slice(0, 4)), address: texts(customerTexts.slice(4)) };
  const made = await makeCustomer({ name: long, organizational_info });
  expect(await made.shown()).toMatchObject({ name: long, organizational_info });
  const named = { first_name: long, last_name: long, job_title: long };
  const member = await made.makeUser({ ...named, phone: long });
  expect(await member.shown()).toMatchObject(named);
  expect((await member.row()).phone).toBe(long);
  expect((await api.put(member.path, named)).status).toBe(204);
});

test('number_of_employees goes from 0 to 2,147,483,647', async () => {
  for (const number_of_employees of [0, 2_147_483_647]) {
    expect((await realm.api.put(customer.path, { organizational_info: { number_of_employees } })).status).toBe(204);
    expect((await customer.shown()).organizational_info.number_of_employees).toBe(number_of_employees);
  }
});

test('every country of ISO 3166-1 is taken', async () => {
  const codes = Object.keys(iso31661Alpha2ToAlpha3);
  expect(codes).toHaveLength(249);
  for (const country of codes) {
    const reply = await realm.api.put(customer.path, { organizational_info: { address: { country } } });
    expect([country, reply.status]).toEqual([country, 204]);
  }
});

test('every problem of a body is named at once', async () => {
  const info = { number_of_employees: -1, address: { country: 'XX', city: 7 } };
  const made = await realm.api.post('/reseller/customers', { organizational_info: info, use_technical_interface: 1 });
  expect(made.status).toBe(422);
  expect(made.body.detail.map(({ loc }: { loc: string[] }) => loc.join('.')).sort()).toEqual([
    'body.name',
    'body.organizational_info.address.city',
    'body.organizational_info.address.country',
    'body.organizational_info.number_of_employees',
    'body.use_technical_interface',
  ]);
  const member = await realm.api.post(customer.users, { password: 'x' });
  const broken = ['password', 'password', 'password', 'password', 'role', 'username'];
  expect(member.body.detail.map(({ loc }: { loc: string[] }) => loc[1]).sort()).toEqual(broken);
});

test('what was sent wrong is not said again', async () => {
  for (const body of [
    { ...newMember(), password: 'hunter2' },
    { ...newMember(), role: 'hunter2' },
  ]) {
    expect((await realm.api.post(customer.users, body)).text).not.toContain('hunter2');
  }
});

describe('a malformed id is refused at its place', () => {
  const calls: [method: string, path: (id: string) => string, parameter: string, body?: object][] = [
    ['GET', (id) => `/reseller/customers/${id}`, 'customer_id'],
    ['PUT', (id) => `/reseller/customers/${id}`, 'customer_id', {}],
    ['DELETE', (id) => `/reseller/customers/${id}`, 'customer_id'],
    ['GET', (id) => `/reseller/customers/${id}/users`, 'customer_id'],
    ['POST', (id) => `/reseller/customers/${id}/users`, 'customer_id', newMember()],
    ['PUT', (id) => `${customer.users}/${id}`, 'user_id', {}],
    ['DELETE', (id) => `${customer.users}/${id}`, 'user_id'],
  ];
  test.each(calls)('%s %s %s', async (method, path, parameter, body) => {
    for (const id of ['1', 'x'.repeat(300), "'%20or%201=1--", '00000000-0000-0000-0000-00000000000g']) {
      expectIssue(await realm.api.send(method, path(id), body), ['path', parameter], 'uuid_parsing');
    }
    expectIssue(await realm.api.send(method, path('%zz'), body), ['path', parameter], 'value_error');
  });

  test('two of them are both named', async () => {
    const { status, body } = await realm.api.delete('/reseller/customers/x/users/y');
    expect([status, body.detail.map(({ loc }: { loc: string[] }) => loc)]).toEqual([
      422,
      [
        ['path', 'customer_id'],
        ['path', 'user_id'],
      ],
    ]);
  });

  test('but one in upper case is the same id', async () => {
    const shown = await realm.api.get(`/reseller/customers/${customer.id.toUpperCase()}`);
    expect(shown).toMatchObject({ status: 200, body: { customer_id: customer.id } });
  });
});

test.each([
  ['nosuch=1', 'nosuch', 'extra_forbidden'],
  ['page=1', 'page', 'extra_forbidden'],
  ['sort=name', 'sort', 'extra_forbidden'],
  ['limit=0', 'limit', 'greater_than_equal'],
  ['limit=1001', 'limit', 'less_than_equal'],
  ['limit=', 'limit', 'int_parsing'],
  ['limit=-1', 'limit', 'int_parsing'],
  ['limit=ten', 'limit', 'int_parsing'],
  ['limit=1.5', 'limit', 'int_parsing'],
  ['limit=1e2', 'limit', 'int_parsing'],
  ['limit=1&limit=2', 'limit', 'string_type'],
  ['after=nonsense', 'after', 'value_error'],
  ['after=', 'after', 'value_error'],
  [`after=${btoa('["name","x","01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b34"]')}`, 'after', 'value_error'],
  [`after=${btoa('["createdAt",1,"x"]')}`, 'after', 'value_error'],
])('a list refuses ?%s', async (query, parameter, type) => {
  for (const list of ['/reseller/customers', customer.users]) {
    expectIssue(await realm.api.get(`${list}?${query}`), ['query', parameter], type);
  }
});

test.each(['', '{', 'not JSON', "{'name': 'x'}"])('a body that is not JSON is a 400: %s', async (body) => {
  const headers = { 'Content-Type': 'application/json' };
  for (const [method, path] of [
    ['POST', '/reseller/customers'],
    ['PUT', customer.path],
    ['POST', customer.users],
    ['PUT', user.path],
  ] as const) {
    const reply = await realm.api.send(method, path, body, headers);
    expect([reply.status, reply.body]).toEqual([400, { detail: 'The body is not JSON in UTF-8.' }]);
  }
});

test.each([
  ['null', 'model_attributes_type'],
  ['[]', 'model_attributes_type'],
  ['"x"', 'model_attributes_type'],
])('a body that is %s is refused as a whole', async (body, type) => {
  for (const [method, path] of [
    ['POST', '/reseller/customers'],
    ['PUT', customer.path],
    ['POST', customer.users],
    ['PUT', user.path],
  ] as const) {
    const reply = await realm.api.send(method, path, body);
    expect([reply.status, reply.body.detail[0]]).toEqual([422, { loc: ['body'], msg: expect.any(String), type }]);
  }
});

test('each refusal that is no validation is one sentence', async () => {
  const { api, id } = realm;
  const platform = await operator();
  const reader = await callerFor(id, ['reseller:organization:read']);
  const said = async (reply: Promise<Reply>) => {
    const { status, body, headers } = await reply;
    return [status, body.detail, headers.get('WWW-Authenticate')];
  };
  expect(Object.keys((await reader.post('/reseller/customers', {})).body)).toEqual(['detail']);
  expect(await said(reader.post('/reseller/customers', {}))).toEqual([
    403,
    'This needs the scope reseller:organization:create.',
    'Bearer error="insufficient_scope", scope="reseller:organization:create"',
  ]);
  expect(await said(platform.get('/reseller/customers'))).toEqual([
    403,
    'This needs a credential of a reseller.',
    null,
  ]);
  expect(await said(api.get('/reseller/customers', { Authorization: '' }))).toEqual([
    401,
    'Not authenticated.',
    'Bearer',
  ]);
  expect(await said(api.get('/reseller/customers', { Authorization: 'Bearer x' }))).toEqual([
    401,
    'The credential is not valid, has run out or was revoked.',
    'Bearer error="invalid_token"',
  ]);
  expect(await said(api.get('/reseller/nosuch'))).toEqual([404, 'Not Found', null]);
  expect(await said(api.post('/reseller/customers', {}, { 'Content-Type': 'text/plain' }))).toEqual([
    415,
    'Send the body as application/json.',
    null,
  ]);
  expect(await said(api.post('/reseller/customers', `"${'x'.repeat(65_536)}"`))).toEqual([
    413,
    'A body has at most 65536 bytes.',
    null,
  ]);
});

test('one request too many is a 429 of the same shape', async () => {
  const settings = { ...env, RATE_LIMIT: '1' };
  const ask = () =>
    worker.fetch(
      new Request<unknown, IncomingRequestCfProperties>('https://edge.localhost/reseller/customers', {
        headers: { Authorization: `Bearer ${realm.api.token}` },
      }),
      settings,
      createExecutionContext(),
    );
  const replies = [await ask(), await ask(), await ask()];
  const refused = replies.find(({ status }) => status === 429);
  expect(await refused?.json()).toEqual({ detail: 'Too many requests.' });
  expect(Object.fromEntries(refused?.headers ?? [])).toMatchObject({
    'retry-after': expect.stringMatching(/^\d+$/),
    'x-ratelimit-limit': '1',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
  });
});

test.each([
  ['/reseller/customers', 'POST, GET, HEAD, OPTIONS'],
  ['/reseller/customers/x', 'GET, PUT, DELETE, HEAD, OPTIONS'],
  ['/reseller/customers/x/users', 'POST, GET, HEAD, OPTIONS'],
  ['/reseller/customers/x/users/y', 'PUT, DELETE, OPTIONS'],
])('%s knows %s and no other method', async (path, allow) => {
  const { api } = realm;
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !allow.includes(one))) {
    const reply = await api.send(method, path, ['GET', 'HEAD'].includes(method) ? undefined : {});
    expect([method, reply.status, reply.headers.get('Allow')]).toEqual([method, 405, allow]);
    if (method !== 'HEAD')
      expect(reply.body).toEqual({ detail: `Method not allowed. Use ${allow.replace(/, (?=OPTIONS$)/, ' or ')}.` });
  }
  const options = await api.send('OPTIONS', path);
  expect([options.status, options.text, options.headers.get('Allow')]).toEqual([204, '', allow]);
});
