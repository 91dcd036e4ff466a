import { describe, expect, test, vi } from 'vitest';
import type { Json } from '../support/api.ts';
import { makePlace } from '../support/outside/place.ts';
import { makeRealm, newCustomer, newMember, PASSWORD, whole } from '../support/people/customers.ts';
import { newOrganization, newUser, rows, unique } from '../support/world.ts';

/** One domain, several shapes: whatever is made or changed in one dialect is the same thing in every other. */
async function makeBoth() {
  const realm = await makeRealm();
  const { v3, api } = realm;
  return {
    ...realm,
    /** The same thing as each dialect shows it. */
    organization: async (id: string) => ({
      v3: (await api.get(`${v3}/organizations/${id}`)).body,
      reseller: (await api.get(`/reseller/customers/${id}`)).body,
    }),
    user: async (customerId: string, id: string) => ({
      v3: (await api.get(`${v3}/users/${id}`)).body,
      reseller: (await api.get(`/reseller/customers/${customerId}/users`)).body.find(
        ({ user_id }: { user_id: string }) => user_id === id,
      ),
    }),
  };
}

const address = {
  addressLine1: '1 Main',
  addressLine2: 'Door 2',
  city: 'Bern',
  state: 'BE',
  country: 'CH',
  postalCode: '03000',
};

describe('a customer is an organization', () => {
  test('made here, read there', async () => {
    const { makeCustomer, organization } = await makeBoth();
    const customer = await makeCustomer({ name: 'Acme', organizational_info: whole, use_technical_interface: true });
    expect((await organization(customer.id)).v3).toEqual({
      id: customer.id,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      name: 'Acme',
      email: '',
      description: '',
      allowedUsers: -1,
      address: { ...address, state: '' },
    });
  });

  test('made there, read here', async () => {
    const { v3, api, organization } = await makeBoth();
    const sent = { ...newOrganization(), description: 'd', allowedUsers: 5, address };
    const { body } = await api.post(`${v3}/organizations`, sent);
    const blank = { company_name: '', industry: '', number_of_employees: null, sector: '' };
    expect((await organization(body.id)).reseller).toEqual({
      customer_id: body.id,
      name: sent.name,
      organizational_info: {
        ...blank,
        paragraph_203_StGB_applies: false,
        address: whole.address,
        additional_sensitive_personal_data_attributes: '',
      },
      use_technical_interface: false,
    });
    expect((await api.get('/reseller/customers')).body.map(({ customer_id }: Json) => customer_id)).toEqual([body.id]);
  });

  test('changed here, there only what was sent changes', async () => {
    const { v3, api, organization } = await makeBoth();
    const sent = { ...newOrganization(), description: 'd', allowedUsers: 5, address };
    const { body } = await api.post(`${v3}/organizations`, sent);
    const name = unique('Renamed');
    const change = { name, organizational_info: { ...whole, address: { city: 'Basel', country: 'DE' } } };
    expect((await api.put(`/reseller/customers/${body.id}`, change)).status).toBe(204);
    const now = await organization(body.id);
    const updatedAt = now.v3.updatedAt;
    expect(updatedAt > body.updatedAt).toBe(true);
    expect(now.v3).toEqual({ ...body, updatedAt, name, address: { ...address, city: 'Basel', country: 'DE' } });
    expect(now.reseller.organizational_info).toEqual({
      ...whole,
      address: { ...whole.address, city: 'Basel', country: 'DE' },
    });
  });

  test('changed there, here only what was sent changes', async () => {
    const { v3, api, makeCustomer, organization } = await makeBoth();
    const customer = await makeCustomer({ organizational_info: whole, use_technical_interface: true });
    const before = await customer.shown();
    const change = {
      email: 'it@example.com',
      description: 'd',
      allowedUsers: 9,
      address: { city: 'Basel', state: 'BS' },
    };
    expect((await api.patch(`${v3}/organizations/${customer.id}`, change)).status).toBe(200);
    const now = await organization(customer.id);
    expect(now.v3).toMatchObject(change);
    expect(now.reseller).toEqual({
      ...before,
      organizational_info: { ...whole, address: { ...whole.address, city: 'Basel' } },
    });
  });

  test.each(['Germany', 'de', 'UK', ''])(
    'the country %j of there is null here, and outlives changes',
    async (country) => {
      const { v3, api, organization } = await makeBoth();
      const sent = { ...newOrganization(), address: { ...address, country } };
      const { body } = await api.post(`${v3}/organizations`, sent);
      const path = `/reseller/customers/${body.id}`;
      for (const change of [
        { organizational_info: { address: { city: 'Basel' } } },
        { organizational_info: { address: { country: null } } },
        // What was read, sent back.
        { organizational_info: (await api.get(path)).body.organizational_info },
      ]) {
        expect((await api.put(path, change)).status).toBe(204);
        const now = await organization(body.id);
        expect(now.reseller.organizational_info.address.country).toBeNull();
        expect(now.v3.address.country).toBe(country);
      }
      await api.put(path, { organizational_info: { address: { country: 'DE' } } });
      expect((await organization(body.id)).v3.address.country).toBe('DE');
    },
  );

  test('whose name is taken in both as soon as it is in one', async () => {
    const { v3, api, makeCustomer } = await makeBoth();
    const [here, there] = [newCustomer(), newOrganization()];
    await makeCustomer(here);
    await api.post(`${v3}/organizations`, there);
    const replies = [
      await api.post(`${v3}/organizations`, { ...newOrganization(), name: here.name.toUpperCase() }),
      await api.post('/reseller/customers', { name: there.name.toUpperCase() }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([409, 409]);
  });

  test('deleted in one, gone in both, with its users', async () => {
    const { v3, api, makeCustomer } = await makeBoth();
    for (const way of ['v3', 'reseller']) {
      const customer = await makeCustomer();
      const user = await customer.makeUser();
      const organization = `${v3}/organizations/${customer.id}`;
      expect((await api.delete(way === 'v3' ? organization : customer.path)).status).toBe(204);
      for (const path of [organization, customer.path, customer.users, `${v3}/users/${user.id}`]) {
        expect([way, path, (await api.get(path)).status]).toEqual([way, path, 404]);
      }
    }
  });
});

describe("a customer's user is an organization's", () => {
  test.each([
    ['manager', 'organization-admin'],
    ['user', 'user'],
  ])('made here as %s, read there as %s', async (role, there) => {
    const { makeCustomer, user, organization } = await makeBoth();
    const customer = await makeCustomer();
    const sent = { ...newMember(), role, first_name: 'Jo', last_name: 'Doe', job_title: 'Engineer', phone: '1' };
    const made = await customer.makeUser(sent);
    const now = await user(customer.id, made.id);
    expect(now.v3).toEqual({
      id: made.id,
      createdAt: expect.any(String),
      updatedAt: now.v3.createdAt,
      name: 'Jo Doe',
      firstName: 'Jo',
      lastName: 'Doe',
      email: sent.username,
      role: there,
      company: '',
      twoFactorEnabled: false,
      googleSsoEnabled: false,
      lastLoginAt: null,
      organizationId: customer.id,
      organization: (await organization(customer.id)).v3,
    });
    expect((await made.row()).allow_customer_portal_access).toBe(1);
  });

  test.each([
    ['', '', ''],
    ['Jo', '', 'Jo'],
    ['', 'Doe', 'Doe'],
  ])('made here with the names %j and %j, is called %j there', async (first_name, last_name, name) => {
    const { v3, api, makeCustomer, user } = await makeBoth();
    const customer = await makeCustomer();
    const made = await customer.makeUser({ first_name, last_name });
    expect((await user(customer.id, made.id)).v3).toMatchObject({ name, firstName: first_name, lastName: last_name });
    if (name === '') return;
    const found = await api.get(`${v3}/users?name=${name}`);
    expect(found.body.map(({ id }: Json) => id)).toEqual([made.id]);
  });

  test.each([
    ['organization-admin', 'manager'],
    ['user', 'user'],
    ['reseller-admin', 'user'],
    ['Organization-Admin', 'user'],
    ['anything else', 'user'],
  ])('made there as %s, read here as %s, and no change here makes another of it', async (role, here) => {
    const { v3, api, makeCustomer, user } = await makeBoth();
    const customer = await makeCustomer();
    const sent = { ...newUser(), role, company: 'Acme', organizationId: customer.id };
    const { body } = await api.post(`${v3}/users`, sent);
    const shown = { first_name: 'Jane', last_name: 'Doe', job_title: '', role: here };
    expect((await user(customer.id, body.id)).reseller).toEqual({ user_id: body.id, username: sent.email, ...shown });
    const path = `${customer.users}/${body.id}`;
    expect((await api.put(path, { first_name: 'Joan', job_title: 'Lead', role: 'user' })).status).toBe(204);
    const now = await user(customer.id, body.id);
    expect(now.reseller).toEqual({
      user_id: body.id,
      username: sent.email,
      ...shown,
      first_name: 'Joan',
      job_title: 'Lead',
    });
    expect(now.v3).toEqual({ ...body, updatedAt: now.v3.updatedAt, firstName: 'Joan', name: 'Joan Doe' });
  });

  test('changed there, keeps what only this dialect knows', async () => {
    const { v3, api, makeCustomer, user } = await makeBoth();
    const customer = await makeCustomer();
    const made = await customer.makeUser({ job_title: 'Engineer', phone: '+49 1', communication_language: 'ja' });
    const email = `${unique('other')}@example.com`;
    const change = { firstName: 'Joan', lastName: 'Doe', email, role: 'organization-admin', company: 'Acme' };
    expect((await api.patch(`${v3}/users/${made.id}`, change)).status).toBe(200);
    expect((await user(customer.id, made.id)).reseller).toEqual({
      user_id: made.id,
      username: email,
      first_name: 'Joan',
      last_name: 'Doe',
      job_title: 'Engineer',
      role: 'manager',
    });
    expect(await made.row()).toMatchObject({ job_title: 'Engineer', phone: '+49 1', language: 'ja' });
  });

  test('moved there, is found at the other customer here; taken out, at none', async () => {
    const { v3, api, makeCustomer, user } = await makeBoth();
    const [from, to] = [await makeCustomer(), await makeCustomer()];
    const made = await from.makeUser({ job_title: 'Engineer' });
    await api.patch(`${v3}/users/${made.id}`, { organizationId: to.id });
    expect((await user(from.id, made.id)).reseller).toBeUndefined();
    expect((await user(to.id, made.id)).reseller).toMatchObject({ job_title: 'Engineer' });
    expect((await api.put(made.path, { first_name: 'x' })).status).toBe(404);
    expect((await api.put(`${to.users}/${made.id}`, { first_name: 'x' })).status).toBe(204);
    await api.patch(`${v3}/users/${made.id}`, { organizationId: null });
    expect((await api.delete(`${to.users}/${made.id}`)).status).toBe(404);
    expect((await api.get(to.users)).body).toEqual([]);
    expect((await api.get(`${v3}/users/${made.id}`)).body).toMatchObject({ firstName: 'x', organization: null });
  });

  test('whose verified address stays verified only where it was; nobody is verified by a change there', async () => {
    const { v3, api, makeCustomer } = await makeBoth();
    const customer = await makeCustomer();
    const [invited, verified] = [await customer.makeUser(), await customer.makeUser({ password: PASSWORD })];
    for (const { id } of [invited, verified]) {
      await api.patch(`${v3}/users/${id}`, { email: `${unique('moved')}@example.com` });
    }
    expect((await invited.row()).verified_at).toBeNull();
    expect((await verified.row()).verified_at).toBeGreaterThan(0);
    const { body } = await api.post(`${v3}/users`, newUser());
    const [row] = await rows('select verified_at, created_at from users where id = ?', body.id);
    expect(row.verified_at).toBe(row.created_at);
  });

  test('deleted in one, gone in both', async () => {
    const { v3, api, makeCustomer } = await makeBoth();
    const customer = await makeCustomer();
    for (const way of ['v3', 'reseller']) {
      const made = await customer.makeUser();
      expect((await api.delete(way === 'v3' ? `${v3}/users/${made.id}` : made.path)).status).toBe(204);
      expect((await api.get(`${v3}/users/${made.id}`)).status).toBe(404);
      expect((await api.get(customer.users)).body).toEqual([]);
    }
  });
});

test('changes made here are told in v3’s shape, by the feed and by webhooks', async () => {
  const { api, makeCustomer, organization, user } = await makeBoth();
  const place = makePlace();
  const token = 'plain secret';
  await api.post('/v3/webhooks', { name: 'w', url: place.url, token, enabled: true, events: ['*'] });
  const customer = await makeCustomer({ organizational_info: whole });
  const made = await customer.makeUser({ password: PASSWORD, job_title: 'Engineer' });
  const shown = { organization: (await organization(customer.id)).v3, user: (await user(customer.id, made.id)).v3 };
  await api.put(made.path, { first_name: 'Jo' });
  await api.put(customer.path, { organizational_info: { sector: 'Rail' } });
  await api.delete(customer.path);
  const feed: Json[] = (await api.get('/v3/events')).body.slice(2);
  const told = feed.map(({ event, data }) => [event, data]);
  expect(told).toEqual([
    ['reseller.organization.created', shown.organization],
    ['reseller.user.created', shown.user],
    ['reseller.user.updated', { ...shown.user, firstName: 'Jo', name: 'Jo', updatedAt: expect.any(String) }],
    ['reseller.organization.updated', { ...shown.organization, updatedAt: expect.any(String) }],
    ['reseller.organization.deleted', { ...shown.organization, updatedAt: expect.any(String) }],
    ['reseller.user.deleted', expect.objectContaining({ id: made.id, firstName: 'Jo' })],
  ]);
  const bodies = await vi.waitFor(
    async () => {
      const seen = (await place.seen()).map(({ body }): Json => JSON.parse(body));
      expect(seen).toHaveLength(feed.length + 1);
      return seen;
    },
    { timeout: 20_000, interval: 50 },
  );
  for (const { event, data, triggeredAt } of feed) expect(bodies).toContainEqual({ event, data, triggeredAt });
  expect(JSON.stringify(bodies)).not.toMatch(/argon2|password|Correct-horse|jobTitle|companyName/i);
});

test('a change that changes nothing is written nowhere and told to nobody, in any dialect', async () => {
  const { v3, api, makeCustomer, id } = await makeRealm();
  const customer = await makeCustomer({ name: unique('Acme'), organizational_info: whole });
  const { body: user } = await api.post(`${v3}/users`, { ...newUser(), organizationId: customer.id, role: 'user' });
  const { body: hook } = await api.post('/v3/webhooks', {
    ...{ name: 'h', url: 'https://example.com', token: 't', enabled: true, events: ['*'] },
  });
  const account = `/v1.0/accounts/${id}/users/${user.id}`;
  const state = async () => ({
    user: (await api.get(`${v3}/users/${user.id}`)).body,
    organization: (await api.get(`${v3}/organizations/${customer.id}`)).body,
    webhook: (await api.get(`/v3/webhooks/${hook.id}`)).body,
    events: await rows('select id from events where reseller_id = ?', id),
  });
  const before = await state();
  const { email, firstName, company } = user;
  const { roles } = (await api.get(account)).body.data;
  const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
  for (const reply of [
    await api.patch(`${v3}/users/${user.id}`, {}),
    await api.patch(`${v3}/users/${user.id}`, { email, firstName, company, organizationId: customer.id }),
    await api.patch(`${v3}/users/${user.id}`, { password: 'ignored here' }),
    await api.patch(`${v3}/organizations/${customer.id}`, { description: '' }),
    await api.patch(`/v3/webhooks/${hook.id}`, { name: 'h', events: ['*'] }),
    await api.patch(account, [replace('/email', email), replace('/roles', roles)]),
    await api.put(`/reseller/customers/${customer.id}`, { organizational_info: whole }),
    await api.put(`/reseller/customers/${customer.id}/users/${user.id}`, { first_name: firstName, last_name: null }),
  ])
    expect(reply.status, reply.text).toBeLessThan(300);
  expect(await state()).toEqual(before);
  await api.patch(`${v3}/users/${user.id}`, { company: 'Other' });
  expect((await state()).events).toHaveLength(before.events.length + 1);
});
