import { describe, expect, test } from 'vitest';
import { stateBefore } from '../../support/people/states.ts';
import { makeReseller, newOrganization, newUser, operator, rows, unique } from '../../support/world.ts';

const FIELDS = [
  'company',
  'createdAt',
  'email',
  'firstName',
  'googleSsoEnabled',
  'id',
  'lastLoginAt',
  'lastName',
  'name',
  'organization',
  'organizationId',
  'role',
  'twoFactorEnabled',
  'updatedAt',
];

describe('a user is created', () => {
  test('with exactly the documented fields, and no secret', async () => {
    const { base, api } = await makeReseller();
    const sent = { ...newUser(), company: 'Acme', id: 'mine', isAdmin: true, createdAt: '1999' };
    const { status, body, text } = await api.post(`${base}/users`, sent);
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(FIELDS);
    expect(body).toMatchObject({
      name: 'Jane Doe',
      firstName: 'Jane',
      lastName: 'Doe',
      email: sent.email,
      role: 'user',
      company: 'Acme',
      twoFactorEnabled: false,
      googleSsoEnabled: false,
      lastLoginAt: null,
      organizationId: null,
      organization: null,
    });
    expect(body.createdAt).toBe(body.updatedAt);
    expect(Math.abs(Date.parse(body.createdAt) - Date.now())).toBeLessThan(60_000);
    expect(text).not.toContain(sent.password);
    const [row] = await rows('select * from users where id = ?', body.id);
    expect(row!['password_hash']).toMatch(/^p1\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(await rows('select * from events where subject = ?', body.id))).not.toMatch(/argon2|battery/);
    expect((await api.get(`${base}/users/${body.id}`)).body).toEqual(body);
  });

  test('in an organization, which the reply shows whole', async () => {
    const { base, api } = await makeReseller();
    const organization = await api.post(`${base}/organizations`, { ...newOrganization(), address: { city: 'Bern' } });
    const user = await api.post(`${base}/users`, { ...newUser(), organizationId: organization.body.id });
    expect(user.body.organizationId).toBe(organization.body.id);
    expect(user.body.organization).toEqual(organization.body);
    expect((await api.get(`${base}/users/${user.body.id}`)).body).toEqual(user.body);
  });

  test('with the least that is required; an empty organization is none', async () => {
    const { base, api } = await makeReseller();
    const { lastName: _, ...least } = newUser();
    const { status, body } = await api.post(`${base}/users`, { ...least, organizationId: '' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'Jane', lastName: '', company: '', organizationId: null });
  });

  test('and raises one event with who, what and in which request', async () => {
    const { id, base, api } = await makeReseller();
    const { body } = await api.post(`${base}/users`, newUser(), { 'X-Request-Id': 'trace-7' });
    const events = await rows('select * from events where subject = ?', body.id);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'reseller.user.created',
      reseller_id: id,
      actor: `client:${api.client.id}`,
      request_id: 'trace-7',
      before: null,
    });
  });
});

describe('a user is refused, and nothing is left behind', () => {
  const wrong: [field: string, value: unknown][] = [
    ['firstName', ''],
    ['firstName', undefined],
    ['firstName', 'x'.repeat(257)],
    ['firstName', 7],
    ['lastName', null],
    ['lastName', 'x'.repeat(257)],
    ['email', 'nobody'],
    ['email', 'a@b'],
    ['email', 'a..b@example.com'],
    ['email', '.a@example.com'],
    ['email', 'a@b@example.com'],
    ['email', 'a b@example.com'],
    ['email', '@'.repeat(2000)],
    ['email', `${'x'.repeat(250)}@example.com`],
    ['email', 'a@b.co\r\nBcc: c@d.co'],
    ['role', ''],
    ['company', 'x'.repeat(257)],
    ['organizationId', 'x'.repeat(257)],
    ['allowCustomerPortalAccess', 'yes'],
    ['allowCustomerPortalAccess', undefined],
    ['password', 'short77'],
    ['password', 'x'.repeat(257)],
    ['firstName', 'nul\0'],
    ['firstName', '\ud800'],
  ];
  test.each(wrong)('%s: %j', async (field, value) => {
    const { id, base, api } = await makeReseller();
    const { status, body } = await api.post(`${base}/users`, { ...newUser(), [field]: value });
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    expect(await rows('select 1 from users where reseller_id = ?', id)).toEqual([]);
    expect(await rows("select 1 from events where reseller_id = ? and type like '%user%'", id)).toEqual([]);
  });

  test.each(['password', 'PassWord', 'trustno1', 'P@ssw0rd', '1234567890'])(
    '%j, a password that everybody uses, with a reason of its own',
    async (password) => {
      const { id, base, api } = await makeReseller();
      const { status, body } = await api.post(`${base}/users`, { ...newUser(), password });
      expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
      const message = 'Must not be one of the 10,000 most used passwords.';
      expect(body.errors).toEqual([expect.objectContaining({ field: 'password', message })]);
      expect(await rows('select 1 from users where reseller_id = ?', id)).toEqual([]);
    },
  );

  test('every problem is named at once', async () => {
    const { base, api } = await makeReseller();
    const { body } = await api.post(`${base}/users`, {});
    expect(body.errors.map((error: { field: string }) => error.field).sort()).toEqual([
      'allowCustomerPortalAccess',
      'email',
      'firstName',
      'password',
      'role',
    ]);
  });

  test("an unknown, another reseller's and a deleted organization are the same 404", async () => {
    const [mine, other] = [await makeReseller(), await makeReseller()];
    const theirs = await other.api.post(`${other.base}/organizations`, newOrganization());
    const gone = await mine.api.post(`${mine.base}/organizations`, newOrganization());
    await mine.api.delete(`${mine.base}/organizations/${gone.body.id}`);
    const texts = new Set<string>();
    for (const organizationId of [theirs.body.id, gone.body.id, crypto.randomUUID(), 'string']) {
      const reply = await mine.api.post(`${mine.base}/users`, { ...newUser(), organizationId });
      expect([reply.status, reply.body.code]).toEqual([404, 'ORGANIZATION_NOT_FOUND']);
      texts.add(reply.text);
    }
    expect(texts.size).toBe(1);
  });

  test('an e-mail address is taken for the whole platform, in any case and form', async () => {
    const [first, second] = [await makeReseller(), await makeReseller()];
    const email = `${unique('Ånn')}@Example.com`;
    expect((await first.api.post(`${first.base}/users`, { ...newUser(), email })).status).toBe(201);
    for (const same of [email, email.toUpperCase(), `  ${email} `, email.normalize('NFD')]) {
      for (const { base, api } of [first, second]) {
        const reply = await api.post(`${base}/users`, { ...newUser(), email: same });
        expect([same, reply.status, reply.body.code]).toEqual([same, 409, 'EMAIL_ALREADY_EXISTS']);
      }
    }
  });
});

describe('a user is changed', () => {
  test('in the fields sent; the others stay', async () => {
    const { base, api } = await makeReseller();
    const organization = await api.post(`${base}/organizations`, newOrganization());
    const made = await api.post(`${base}/users`, { ...newUser(), organizationId: organization.body.id });
    const path = `${base}/users/${made.body.id}`;
    const renamed = await api.patch(path, { firstName: 'Joan', password: 'not changed here', id: 'x' });
    expect(renamed.status).toBe(200);
    expect(renamed.body).toEqual({
      ...made.body,
      firstName: 'Joan',
      name: 'Joan Doe',
      updatedAt: renamed.body.updatedAt,
    });
    expect(renamed.body.updatedAt > made.body.updatedAt).toBe(true);
    const left = await api.patch(path, { organizationId: '' });
    expect(left.body).toMatchObject({ organizationId: null, organization: null });
    const back = await api.patch(path, { organizationId: organization.body.id });
    expect(back.body.organization.id).toBe(organization.body.id);
    expect((await api.get(path)).body).toEqual(back.body);
    const events = await rows(
      "select * from events where subject = ? and type = 'reseller.user.updated' order by seq",
      made.body.id,
    );
    expect(events).toHaveLength(3);
    expect(stateBefore(events[0]!).firstName).toBe('Jane');
    expect(JSON.parse(events[0]!['after']).firstName).toBe('Joan');
  });

  test('and verified from then on at the address that a caller sets', async () => {
    const { base, api } = await makeReseller();
    const { body } = await api.post(`${base}/users`, newUser());
    const verifiedAt = async () => (await rows('select verified_at from users where id = ?', body.id))[0].verified_at;
    await rows('update users set verified_at = 5 where id = ?', body.id);
    await api.patch(`${base}/users/${body.id}`, { lastName: 'Other' });
    expect(await verifiedAt()).toBe(5);
    await api.patch(`${base}/users/${body.id}`, { email: `${unique('moved')}@example.com` });
    expect(await verifiedAt()).toBeGreaterThan(5);
  });

  test('but never to an address that is taken', async () => {
    const { base, api } = await makeReseller();
    const [a, b] = [await api.post(`${base}/users`, newUser()), await api.post(`${base}/users`, newUser())];
    const reply = await api.patch(`${base}/users/${a.body.id}`, { email: b.body.email.toUpperCase() });
    expect([reply.status, reply.body.code]).toEqual([409, 'EMAIL_ALREADY_EXISTS']);
    expect((await api.patch(`${base}/users/${a.body.id}`, { email: a.body.email.toUpperCase() })).status).toBe(200);
  });

  test('by many at once, and no change is lost', async () => {
    const { base, api } = await makeReseller();
    const { body } = await api.post(`${base}/users`, newUser());
    const changes = [{ firstName: 'A' }, { lastName: 'B' }, { company: 'C' }, { role: 'D' }];
    const replies = await Promise.all(changes.map((change) => api.patch(`${base}/users/${body.id}`, change)));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200]);
    expect((await api.get(`${base}/users/${body.id}`)).body).toMatchObject({
      firstName: 'A',
      lastName: 'B',
      company: 'C',
      role: 'D',
    });
  });
});

test('a deleted user is gone, its address is free, and its event says who it was', async () => {
  const { base, api } = await makeReseller();
  const sent = newUser();
  const { body } = await api.post(`${base}/users`, sent);
  const reply = await api.delete(`${base}/users/${body.id}`);
  expect([reply.status, reply.text]).toEqual([204, '']);
  for (const again of [await api.get(`${base}/users/${body.id}`), await api.delete(`${base}/users/${body.id}`)]) {
    expect([again.status, again.body.code]).toEqual([404, 'USER_NOT_FOUND']);
  }
  expect((await api.post(`${base}/users`, sent)).status).toBe(201);
  const [event] = await rows("select before from events where subject = ? and type = 'reseller.user.deleted'", body.id);
  expect(JSON.parse(event!['before'])).toMatchObject({ id: body.id, email: sent.email });
});

test('the operator reaches the users of every reseller', async () => {
  const { base, api } = await makeReseller();
  const platform = await operator();
  const { body } = await api.post(`${base}/users`, newUser());
  expect((await platform.get(`${base}/users/${body.id}`)).body).toEqual(body);
  expect((await platform.delete(`${base}/users/${body.id}`)).status).toBe(204);
});
