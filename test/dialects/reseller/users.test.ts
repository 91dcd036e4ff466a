import { describe, expect, test } from 'vitest';
import { makeRealm, newMember, PASSWORD } from '../../support/people/customers.ts';
import { newUser, rows, unique } from '../../support/world.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TAKEN = { detail: 'This e-mail address cannot be used.' };

describe('a user is created', () => {
  test('and answered with the single key user_id', async () => {
    const { api, makeCustomer } = await makeRealm();
    const { users } = await makeCustomer();
    const reply = await api.post(users, newMember());
    expect(reply.status).toBe(201);
    expect(Object.keys(reply.body)).toEqual(['user_id']);
    expect(reply.body.user_id).toMatch(UUID);
  });

  test('with every field, and listed with six and no other', async () => {
    const { api, makeCustomer } = await makeRealm();
    const { users, id } = await makeCustomer();
    const shown = { ...newMember(), role: 'manager', first_name: 'Jo', last_name: 'Doe', job_title: 'Engineer' };
    const kept = { communication_language: 'ja', phone: '+49 1' };
    const { body } = await api.post(users, { ...shown, ...kept, user_id: 'mine', isAdmin: true, email: 'e@e.ee' });
    const list = await api.get(users);
    expect([list.status, list.body]).toEqual([200, [{ user_id: body.user_id, ...shown }]]);
    const [row] = await rows('select * from users where id = ?', body.user_id);
    expect(row).toMatchObject({ organization_id: id, language: 'ja', phone: '+49 1', job_title: 'Engineer' });
  });

  test.each([
    ['left out', undefined],
    ['null', null],
  ])('with defaults for what is %s', async (_, nothing) => {
    const { makeCustomer } = await makeRealm();
    const customer = await makeCustomer();
    const optional = ['password', 'first_name', 'last_name', 'job_title', 'communication_language', 'phone'];
    const user = await customer.makeUser(Object.fromEntries(optional.map((name) => [name, nothing])));
    expect(await user.shown()).toMatchObject({ first_name: '', last_name: '', job_title: '', role: 'user' });
    expect(await user.row()).toMatchObject({ language: 'en', phone: '', password_hash: null, verified_at: null });
  });

  test.each(['en', 'de', 'ja', 'fr', 'es'])('who is spoken to in %s', async (communication_language) => {
    const { makeCustomer } = await makeRealm();
    const user = await (await makeCustomer()).makeUser({ communication_language });
    expect(await user.row()).toMatchObject({ language: communication_language });
  });

  test('as verified where a password is given, which is kept as argon2id only and shown nowhere', async () => {
    const { id, v3, api, makeCustomer } = await makeRealm();
    const customer = await makeCustomer();
    const user = await customer.makeUser({ password: PASSWORD });
    const row = await user.row();
    expect(row.password_hash).toMatch(/^p1\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(row.verified_at).toBe(row.created_at);
    const shown = [
      (await api.get(customer.users)).text,
      (await api.get(`${v3}/users/${user.id}`)).text,
      (await api.get('/v3/events')).text,
      JSON.stringify(await rows('select * from events where reseller_id = ?', id)),
    ];
    for (const text of shown) expect(text).not.toMatch(/argon2|password|Correct-horse/i);
  });

  test('as not verified, and without a hash, where none is given', async () => {
    const { makeCustomer } = await makeRealm();
    const user = await (await makeCustomer()).makeUser();
    expect(await user.row()).toMatchObject({ verified_at: null, password_hash: null });
  });
});

describe('the password', () => {
  const RULES = {
    length: 'Must have at least 12 characters.',
    lower: 'Must contain a lower case letter [a-z].',
    upper: 'Must contain an upper case letter [A-Z].',
    digit: 'Must contain a digit [0-9].',
    special: 'Must contain a special character (~!@#$%^&*()-_+={}[]|;:<>,./?).',
  };
  const broken: [password: string, rules: (keyof typeof RULES)[]][] = [
    ['', ['length', 'lower', 'upper', 'digit', 'special']],
    ['aA1!aA1!aA1', ['length']],
    ['AAAA1111!!!!', ['lower']],
    ['aaaa1111!!!!', ['upper']],
    ['aaaaAAAA!!!!', ['digit']],
    ['aaaaAAAA1111', ['special']],
    ['correct horse battery', ['upper', 'digit', 'special']],
    // Letters and digits of other scripts are none of the rule's.
    ['ÄÖÜäöüß١٢٣Ａａ１！', ['lower', 'upper', 'digit', 'special']],
    ["aaaaAAAA1111'", ['special']],
    ['aaaaAAAA1111"', ['special']],
    ['aaaaAAAA1111`', ['special']],
    ['aaaaAAAA1111\\', ['special']],
    ['aaaaAAAA1111 ', ['special']],
    ['aaaaAAAA1111§', ['special']],
    // Eleven characters, whatever they weigh.
    ['aA1!😀😀😀😀😀😀😀', ['length']],
  ];
  test.each(broken)('%j is refused with each rule that it breaks', async (password, rules) => {
    const { id, api, makeCustomer } = await makeRealm();
    const { users } = await makeCustomer();
    const reply = await api.post(users, { ...newMember(), password });
    const detail = rules.map((rule) => ({
      loc: ['body', 'password'],
      msg: RULES[rule],
      type: 'string_pattern_mismatch',
    }));
    expect([reply.status, reply.body]).toEqual([422, { detail }]);
    expect(await rows('select 1 from users where reseller_id = ?', id)).toEqual([]);
  });

  test('is refused as one of the most used beside the rules that it breaks', async () => {
    const { api, makeCustomer } = await makeRealm();
    const { users } = await makeCustomer();
    const reply = await api.post(users, { ...newMember(), password: 'Qwerty123456' });
    const loc = ['body', 'password'];
    const detail = [
      { loc, msg: RULES.special, type: 'string_pattern_mismatch' },
      { loc, msg: 'Must not be one of the 10,000 most used passwords.', type: 'value_error' },
    ];
    expect([reply.status, reply.body]).toEqual([422, { detail }]);
  });

  test('may hold any one of the special characters', async () => {
    const { api, makeCustomer } = await makeRealm();
    const { users } = await makeCustomer();
    for (const special of '~!@#$%^&*()-_+={}[]|;:<>,./?') {
      const reply = await api.post(users, { ...newMember(), password: `aaaaAAAA111${special}` });
      expect([special, reply.status]).toEqual([special, 201]);
    }
  });

  test.each(['aA1!aA1!aA1!', 'aA1!\n😀 äöü ١', `aA1!${'x'.repeat(252)}`])('%j is taken', async (password) => {
    const { makeCustomer } = await makeRealm();
    const user = await (await makeCustomer()).makeUser({ password });
    expect((await user.row()).password_hash).toContain('$argon2id$');
  });

  test.each([`aA1!${'x'.repeat(253)}`, 'aA1!aA1!aA1!\0', 'aA1!aA1!aA1!\ud800', 12345678901234])(
    '%j is refused',
    async (password) => {
      const { api, makeCustomer } = await makeRealm();
      const reply = await api.post((await makeCustomer()).users, { ...newMember(), password });
      expect([reply.status, reply.body.detail.map(({ loc }: { loc: string[] }) => loc)]).toEqual([
        422,
        [['body', 'password']],
      ]);
      expect(reply.text).not.toContain('aA1!');
    },
  );
});

describe('the address', () => {
  test('is taken for the whole platform and every dialect, in any case and form', async () => {
    const [mine, theirs] = [await makeRealm(), await makeRealm()];
    const customers = [await mine.makeCustomer(), await mine.makeCustomer(), await theirs.makeCustomer()];
    const username = `${unique('Ånn')}@Example.com`;
    await customers[0]!.makeUser({ username });
    for (const same of [username, username.toUpperCase(), ` ${username}  `, username.normalize('NFD')]) {
      for (const [index, { users }] of customers.entries()) {
        const { api } = index < 2 ? mine : theirs;
        const reply = await api.post(users, { username: same, role: 'user' });
        expect([same, reply.status, reply.body]).toEqual([same, 409, TAKEN]);
      }
      const inV3 = await theirs.api.post(`${theirs.v3}/users`, { ...newUser(), email: same });
      expect([same, inV3.status, inV3.body.code]).toEqual([same, 409, 'EMAIL_ALREADY_EXISTS']);
    }
  });

  test('that v3 gave to somebody is taken here', async () => {
    const { v3, api, makeCustomer } = await makeRealm();
    const { users } = await makeCustomer();
    const sent = newUser();
    await api.post(`${v3}/users`, sent);
    const reply = await api.post(users, { username: sent.email.toUpperCase(), role: 'user' });
    expect([reply.status, reply.body]).toEqual([409, TAKEN]);
  });

  test('is trimmed and composed, and shown in the case it was sent in', async () => {
    const { makeCustomer } = await makeRealm();
    const username = `${unique('Ånn')}@Example.com`;
    const user = await (await makeCustomer()).makeUser({ username: `  ${username.normalize('NFD')} ` });
    expect(await user.shown()).toMatchObject({ username: username.normalize('NFC') });
  });

  test('of a deleted user is free', async () => {
    const { api, makeCustomer } = await makeRealm();
    const { users, makeUser } = await makeCustomer();
    const sent = newMember();
    const user = await makeUser(sent);
    await api.delete(user.path);
    expect((await api.post(users, sent)).status).toBe(201);
  });
});

describe('a user is changed', () => {
  const given = { first_name: 'Jo', last_name: 'Doe', job_title: 'Engineer' };
  const changes: [change: object, now: object][] = [
    [{}, {}],
    [{ first_name: null, last_name: null, job_title: null }, {}],
    [{ first_name: 'Ann' }, { first_name: 'Ann' }],
    [{ last_name: '' }, { last_name: '' }],
    [{ job_title: 'Lead', first_name: null }, { job_title: 'Lead' }],
    [{ username: 'x@example.com', role: 'manager', password: PASSWORD, communication_language: 'de', phone: '1' }, {}],
    // What is not changed here is not looked at either.
    [{ username: 1, role: 'boss', password: 'short' }, {}],
  ];
  test.each(changes)('by %j in what was sent and may be changed; the rest stays', async (change, now) => {
    const { api, makeCustomer } = await makeRealm();
    const user = await (await makeCustomer()).makeUser({ ...given, phone: '+49 1', communication_language: 'fr' });
    const [before, row] = [await user.shown(), await user.row()];
    const reply = await api.put(user.path, change);
    expect([reply.status, reply.text, reply.headers.get('Content-Type')]).toEqual([204, '', null]);
    expect(await user.shown()).toEqual({ ...before, ...now });
    const untouched = [
      'email',
      'role',
      'password_hash',
      'language',
      'phone',
      'verified_at',
      'organization_id',
      'company',
    ];
    const after = await user.row();
    for (const column of untouched) expect(after[column], column).toEqual(row[column]);
  });

  test('by many at once, and no change is lost', async () => {
    const { api, makeCustomer } = await makeRealm();
    const user = await (await makeCustomer()).makeUser();
    const changes = Object.entries(given).map(([name, value]) => ({ [name]: value }));
    const replies = await Promise.all(changes.map((change) => api.put(user.path, change)));
    expect(replies.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await user.shown()).toMatchObject(given);
  });
});

test('a user is deleted, for good', async () => {
  const { api, makeCustomer } = await makeRealm();
  const customer = await makeCustomer();
  const [user, stays] = [await customer.makeUser(), await customer.makeUser()];
  const reply = await api.delete(user.path);
  expect([reply.status, reply.text]).toEqual([204, '']);
  for (const again of [await api.delete(user.path), await api.put(user.path, {})]) {
    expect([again.status, again.body]).toEqual([404, { detail: 'User not found.' }]);
  }
  expect((await api.get(customer.users)).body).toEqual([await stays.shown()]);
  expect(await user.row()).toBeUndefined();
});

test('a user is found at its own customer only', async () => {
  const { v3, api, makeCustomer } = await makeRealm();
  const [customer, other] = [await makeCustomer(), await makeCustomer()];
  const user = await customer.makeUser();
  const { body: homeless } = await api.post(`${v3}/users`, newUser());
  const missing = { detail: 'User not found.' };
  for (const id of [user.id, homeless.id, crypto.randomUUID()]) {
    for (const reply of [
      await api.put(`${other.users}/${id}`, { first_name: 'x' }),
      await api.delete(`${other.users}/${id}`),
    ]) {
      expect([id, reply.status, reply.body]).toEqual([id, 404, missing]);
    }
  }
  expect((await api.get(other.users)).body).toEqual([]);
  expect(await user.shown()).toMatchObject({ first_name: '' });
  expect((await api.get(`${v3}/users/${homeless.id}`)).body).toMatchObject({ firstName: 'Jane' });
  const nowhere = await api.delete(`/reseller/customers/${crypto.randomUUID()}/users/${user.id}`);
  expect([nowhere.status, nowhere.body]).toEqual([404, { detail: 'Customer not found.' }]);
});

test("another realm's user answers as one that does not exist, byte for byte", async () => {
  const [mine, theirs] = [await makeRealm(), await makeRealm()];
  const [customer, user] = [await mine.makeCustomer(), await (await theirs.makeCustomer()).makeUser()];
  for (const method of ['PUT', 'DELETE']) {
    const body = method === 'PUT' ? { first_name: 'x' } : undefined;
    const foreign = await mine.api.send(method, `${customer.users}/${user.id}`, body);
    const unknown = await mine.api.send(method, `${customer.users}/${crypto.randomUUID()}`, body);
    expect([foreign.status, foreign.text]).toEqual([404, unknown.text]);
  }
  expect(await user.row()).toBeDefined();
});
