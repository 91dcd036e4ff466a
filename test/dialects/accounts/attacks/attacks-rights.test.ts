import { expect, test } from 'vitest';
import { Caller } from '../../../support/api.ts';
import { acceptAll } from '../../../support/people/accounts.ts';
import { signIn } from '../../../support/people/signed-in.ts';
import {
  callerFor,
  makeReseller,
  newOrganization,
  newUser,
  operator,
  rows,
  tokenOf,
  unique,
} from '../../../support/world.ts';

const member = (email = `${unique('m')}@example.com`) => ({ email, displayName: 'Jane Doe' });
const stored = async (id: string) => (await rows('select * from users where id = ?', id))[0];

test('an address that compares as the same may be another mailbox, and is not given to somebody with more rights', async () => {
  const { id, base } = await makeReseller();
  const [email, alike] = ['οδος@greek.example', 'οδοσ@greek.example'];
  const users = `/v1.0/accounts/${id}/users`;
  const admin = (await (await operator()).post(users, { ...member(email), roles: ['branding.admin'] })).body.data;
  const clerk = await callerFor(id, ['reseller:user:read', 'reseller:user:update']);
  const patched = await clerk.patch(`${users}/${admin.id}`, [{ op: 'replace', path: '/email', value: alike }]);
  const updated = await clerk.patch(`${base}/users/${admin.id}`, { email: alike });
  expect([patched.status, updated.status, (await stored(admin.id)).email]).toEqual([403, 403, email]);
  expect((await clerk.patch(`${base}/users/${admin.id}`, { email: 'οδος@GREEK.Example' })).status).toBe(200);
});

test('the address of a user with rights in another tenant is nobody else’s to change', async () => {
  const [home, other] = [await makeReseller(), await makeReseller()];
  const platform = await operator();
  const shared = (await home.api.post(`/v1.0/accounts/${home.id}/users`, member())).body.data;
  const joining = { ...member(shared.email), roles: ['webhooks.admin'] };
  expect((await platform.post(`/v1.0/accounts/${other.id}/users`, joining)).status).toBe(201);
  await acceptAll(shared.id);
  const mine = `${unique('mine')}@example.com`;
  const patch = [{ op: 'replace', path: '/email', value: mine }];
  const clerk = await callerFor(home.id, ['reseller:user:read', 'reseller:user:update']);
  for (const caller of [clerk, home.api]) {
    const accounts = await caller.patch(`/v1.0/accounts/${home.id}/users/${shared.id}`, patch);
    const v3 = await caller.patch(`${home.base}/users/${shared.id}`, { email: mine });
    expect([accounts.status, v3.status, (await stored(shared.id)).email]).toEqual([403, 403, shared.email]);
    expect(accounts.body.message).toContain('also belongs to another tenant');
  }
  expect((await platform.patch(`${home.base}/users/${shared.id}`, { email: mine })).status).toBe(200);
});

test("an organization-admin gives nobody, and not itself, a way to the reseller's pages", async () => {
  const { id, base, api } = await makeReseller();
  const organization = (await api.post(`${base}/organizations`, newOrganization())).body;
  const body = { ...newUser(), role: 'organization-admin', organizationId: organization.id };
  const chief = (await api.post(`${base}/users`, body)).body;
  const caller = await signIn(chief.id, id);
  const own = `/v1.0/accounts/${id}/users/${chief.id}`;
  for (const role of ['account.user', 'account.service.status']) {
    expect((await caller.patch(own, [{ op: 'add', path: '/roles/-', value: role }])).status).toBe(403);
  }
  expect((await caller.get(own)).body.data.roles).toEqual([]);
  expect((await caller.patch(own, [{ op: 'replace', path: '/displayName', value: 'Chief' }])).status).toBe(200);
});

test('an organization-admin takes no account role from its people', async () => {
  const { id, base, api } = await makeReseller();
  const organization = (await api.post(`${base}/organizations`, newOrganization())).body;
  const inside = { ...newUser(), organizationId: organization.id };
  const chief = (await api.post(`${base}/users`, { ...inside, role: 'organization-admin' })).body;
  const colleague = (await api.post(`${base}/users`, { ...inside, email: newUser().email })).body;
  const path = `/v1.0/accounts/${id}/users/${colleague.id}`;
  expect((await api.patch(path, [{ op: 'add', path: '/roles/-', value: 'webhooks.admin' }])).status).toBe(200);
  const caller = await signIn(chief.id, id);
  expect((await caller.patch(path, [{ op: 'remove', path: '/roles/0' }])).status).toBe(403);
  expect((await api.get(path)).body.data.roles).toEqual(['webhooks.admin']);
});

test('a narrower token does not get the answer of a wider one by its idempotency key', async () => {
  const { id } = await makeReseller();
  const wide = await callerFor(id, ['client:write', 'webhook:read', 'webhook:write']);
  const narrow = new Caller(await tokenOf(wide.client, 'client:write'));
  const clients = `/v1.0/accounts/${id}/clients`;
  const ask = (caller: Caller) => caller.post(clients, { name: 'c' }, { 'Idempotency-Key': 'one' });
  const [made, replayed] = [await ask(wide), await ask(narrow)];
  expect(made.body.data.scopes).toContain('webhook:write');
  expect([replayed.status, replayed.text.includes(made.body.data.secret)]).toEqual([422, false]);
  expect((await ask(new Caller(await tokenOf(wide.client)))).text).toBe(made.text);
});
