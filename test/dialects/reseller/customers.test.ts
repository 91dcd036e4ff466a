import { describe, expect, test } from 'vitest';
import { makeRealm, newCustomer, whole } from '../../support/people/customers.ts';
import { rows, unique } from '../../support/world.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What a customer is of which only the name was said. */
const blank = {
  company_name: '',
  industry: '',
  number_of_employees: null,
  sector: '',
  paragraph_203_StGB_applies: false,
  address: { address_line_1: '', address_line_2: '', city: '', zip_code: '', country: null },
  additional_sensitive_personal_data_attributes: '',
};

describe('a customer is created', () => {
  test('and answered with the single key customer_id', async () => {
    const { api } = await makeRealm();
    const reply = await api.post('/reseller/customers', newCustomer());
    expect(reply.status).toBe(201);
    expect(Object.keys(reply.body)).toEqual(['customer_id']);
    expect(reply.body.customer_id).toMatch(UUID);
  });

  test('with every field, and shown with every field and no other', async () => {
    const { api } = await makeRealm();
    const sent = { ...newCustomer(), organizational_info: whole, use_technical_interface: true };
    const { body } = await api.post('/reseller/customers', { ...sent, customer_id: 'mine', id: 'x', resellerId: 'y' });
    const expected = { customer_id: body.customer_id, ...sent };
    expect(await api.get(`/reseller/customers/${body.customer_id}`)).toMatchObject({ status: 200, body: expected });
    const list = await api.get('/reseller/customers');
    expect([list.status, list.body]).toEqual([200, [expected]]);
  });

  const silent: [what: string, body: object][] = [
    ['left out', {}],
    ['null', { organizational_info: null, use_technical_interface: null }],
    ['empty', { organizational_info: {} }],
    ['null within', { organizational_info: Object.fromEntries(Object.keys(whole).map((name) => [name, null])) }],
    [
      'null within the address',
      { organizational_info: { address: Object.fromEntries(Object.keys(whole.address).map((name) => [name, null])) } },
    ],
  ];
  test.each(silent)('with defaults for what is %s', async (_, body) => {
    const { makeCustomer } = await makeRealm();
    const customer = await makeCustomer({ name: 'The Customer', ...body });
    expect(await customer.shown()).toEqual({
      customer_id: customer.id,
      name: 'The Customer',
      organizational_info: blank,
      use_technical_interface: false,
    });
  });
});

describe('a customer is changed', () => {
  const given = { organizational_info: whole, use_technical_interface: true };
  const changes: [change: object, now: object][] = [
    [{}, {}],
    [{ name: null, organizational_info: null, use_technical_interface: null }, {}],
    [{ use_technical_interface: false }, { use_technical_interface: false }],
    [{ organizational_info: {} }, {}],
    [{ organizational_info: { address: {} } }, {}],
    [{ organizational_info: { address: null } }, {}],
    ...Object.entries({
      company_name: 'Other',
      industry: '',
      number_of_employees: 0,
      sector: 'Rail',
      paragraph_203_StGB_applies: false,
      additional_sensitive_personal_data_attributes: '',
    }).flatMap(([name, value]): [object, object][] => [
      [{ organizational_info: { [name]: value } }, { organizational_info: { ...whole, [name]: value } }],
      [{ organizational_info: { [name]: null } }, {}],
    ]),
    ...Object.entries({
      address_line_1: '2 Main',
      address_line_2: '',
      city: 'Basel',
      zip_code: '4000',
      country: 'DE',
    }).flatMap(([name, value]): [object, object][] => [
      [
        { organizational_info: { address: { [name]: value } } },
        { organizational_info: { ...whole, address: { ...whole.address, [name]: value } } },
      ],
      [{ organizational_info: { address: { [name]: null } } }, {}],
    ]),
    [{ unheard: 1, organizational_info: { unheard: 1, address: { state: 'x' } } }, {}],
  ];
  test.each(changes)('by %j in what was sent; the rest stays', async (change, now) => {
    const { api, makeCustomer } = await makeRealm();
    const customer = await makeCustomer(given);
    const before = await customer.shown();
    const reply = await api.put(customer.path, change);
    expect([reply.status, reply.text, reply.headers.get('Content-Type')]).toEqual([204, '', null]);
    expect(await customer.shown()).toEqual({ ...before, ...now });
  });

  test('in its name', async () => {
    const { api, makeCustomer } = await makeRealm();
    const customer = await makeCustomer(given);
    const name = unique('Renamed');
    expect((await api.put(customer.path, { name })).status).toBe(204);
    expect(await customer.shown()).toEqual({ customer_id: customer.id, name, ...given });
  });

  test('by many at once, and no change is lost', async () => {
    const { api, makeCustomer } = await makeRealm();
    const customer = await makeCustomer();
    const { address, ...facts } = whole;
    const changes = [
      ...Object.entries(facts).map(([name, value]) => ({ organizational_info: { [name]: value } })),
      ...Object.entries(address).map(([name, value]) => ({ organizational_info: { address: { [name]: value } } })),
    ];
    for (let from = 0; from < changes.length; from += 4) {
      const replies = await Promise.all(changes.slice(from, from + 4).map((change) => api.put(customer.path, change)));
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([204]));
    }
    expect((await customer.shown()).organizational_info).toEqual(whole);
  });
});

describe('a name', () => {
  const taken = { detail: 'A customer with this name exists already.' };

  test('is unique in its realm, in any case and composition', async () => {
    const { api, makeCustomer } = await makeRealm();
    const name = unique('Ångström');
    const [, other] = [await makeCustomer({ name }), await makeCustomer()];
    for (const same of [name, name.toUpperCase(), name.normalize('NFD')]) {
      const made = await api.post('/reseller/customers', { name: same });
      const renamed = await api.put(other.path, { name: same });
      expect([made.status, made.body, renamed.status, renamed.body]).toEqual([409, taken, 409, taken]);
    }
    expect((await api.get('/reseller/customers')).body).toHaveLength(2);
  });

  test('may be written anew by the customer that has it', async () => {
    const { api, makeCustomer } = await makeRealm();
    const customer = await makeCustomer({ name: 'Acme' });
    expect((await api.put(customer.path, { name: 'ACME' })).status).toBe(204);
    expect(await customer.shown()).toMatchObject({ name: 'ACME' });
  });

  test('is not taken by the customer of another realm', async () => {
    const [mine, theirs] = [await makeRealm(), await makeRealm()];
    const sent = newCustomer();
    await theirs.makeCustomer(sent);
    expect((await mine.api.post('/reseller/customers', sent)).status).toBe(201);
  });

  test('is free again when its customer is deleted', async () => {
    const { api, makeCustomer } = await makeRealm();
    const sent = newCustomer();
    const customer = await makeCustomer(sent);
    await api.delete(customer.path);
    expect((await api.post('/reseller/customers', sent)).status).toBe(201);
  });
});

describe('a customer is deleted', () => {
  test('for good, and answered with nothing', async () => {
    const { api, makeCustomer } = await makeRealm();
    const [customer, other] = [await makeCustomer(), await makeCustomer()];
    const reply = await api.delete(customer.path);
    expect([reply.status, reply.text]).toEqual([204, '']);
    for (const again of [
      await api.get(customer.path),
      await api.put(customer.path, {}),
      await api.delete(customer.path),
      await api.get(customer.users),
    ]) {
      expect([again.status, again.body]).toEqual([404, { detail: 'Customer not found.' }]);
    }
    const list = await api.get('/reseller/customers');
    expect(list.body.map(({ customer_id }: { customer_id: string }) => customer_id)).toEqual([other.id]);
  });

  test('with its users, whose addresses are free again; those of another customer stay', async () => {
    const { api, makeCustomer } = await makeRealm();
    const [customer, other] = [await makeCustomer(), await makeCustomer()];
    const username = `${unique('jo')}@example.com`;
    const [user, stays] = [await customer.makeUser({ username }), await other.makeUser()];
    expect((await api.delete(customer.path)).status).toBe(204);
    expect(await rows('select id from users where id in (?, ?)', user.id, stays.id)).toEqual([{ id: stays.id }]);
    expect((await api.post(other.users, { username, role: 'user' })).status).toBe(201);
    const gone = await api.put(user.path, { first_name: 'x' });
    expect([gone.status, gone.body]).toEqual([404, { detail: 'Customer not found.' }]);
  });
});

test("what is another realm's answers as what does not exist, byte for byte", async () => {
  const [mine, theirs] = [await makeRealm(), await makeRealm()];
  const customer = await theirs.makeCustomer();
  const user = await customer.makeUser();
  const nothing = `/reseller/customers/${crypto.randomUUID()}`;
  const calls: [method: string, below: string, body?: object][] = [
    ['GET', ''],
    ['PUT', '', { name: 'x' }],
    ['DELETE', ''],
    ['GET', '/users'],
    ['POST', '/users', { username: `${unique('jo')}@example.com`, role: 'user' }],
    ['PUT', `/users/${user.id}`, { first_name: 'x' }],
    ['DELETE', `/users/${user.id}`],
  ];
  for (const [method, below, body] of calls) {
    const foreign = await mine.api.send(method, `${customer.path}${below}`, body);
    const unknown = await mine.api.send(method, `${nothing}${below}`, body);
    expect([method, below, foreign.status, foreign.text]).toEqual([method, below, 404, unknown.text]);
    expect(foreign.body).toEqual({ detail: 'Customer not found.' });
  }
  expect(await customer.shown()).toMatchObject({ customer_id: customer.id });
  expect(await user.shown()).toMatchObject({ user_id: user.id });
});
