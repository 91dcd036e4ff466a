import { expect, test } from 'vitest';
import { callerFor, makeReseller, newOrganization, newReseller, newUser, operator, rows } from '../../support/world.ts';

test('the operator creates, reads, changes and deletes a reseller', async () => {
  const platform = await operator();
  const sent = { ...newReseller(), description: 'd', allowedUsers: 3, allowedOrganizations: 2 };
  const made = await platform.post('/v3/resellers', sent);
  expect(made.status).toBe(201);
  const { id, createdAt } = made.body;
  expect(made.body).toEqual({ id, createdAt, updatedAt: createdAt, ...sent });
  const changed = await platform.patch(`/v3/resellers/${id}`, { description: '' });
  expect(changed.body).toEqual({ ...made.body, description: '', updatedAt: changed.body.updatedAt });
  expect((await platform.get(`/v3/resellers/${id}`)).body).toEqual(changed.body);
  expect((await platform.delete(`/v3/resellers/${id}`)).status).toBe(204);
  expect((await platform.get(`/v3/resellers/${id}`)).body.code).toBe('RESELLER_NOT_FOUND');
});

test("a reseller's client sees its own reseller only and may not change it", async () => {
  const [mine, other] = [await makeReseller(), await makeReseller()];
  expect((await mine.api.get('/v3/resellers')).body.map(({ id }: { id: string }) => id)).toEqual([mine.id]);
  expect((await mine.api.get(other.base)).status).toBe(404);
  expect((await mine.api.patch(mine.base, { description: 'x' })).status).toBe(403);
  expect((await mine.api.delete(mine.base)).status).toBe(403);
});

test('a name is unique among the living', async () => {
  const platform = await operator();
  const sent = newReseller();
  const made = await platform.post('/v3/resellers', sent);
  const again = await platform.post('/v3/resellers', { ...sent, name: sent.name.toUpperCase() });
  expect([again.status, again.body.code]).toEqual([409, 'NAME_ALREADY_EXISTS']);
  await platform.delete(`/v3/resellers/${made.body.id}`);
  expect((await platform.post('/v3/resellers', sent)).status).toBe(201);
});

test('with a deleted reseller all beneath it stops working at once', async () => {
  const { id, base, api } = await makeReseller();
  const [platform, second] = [await operator(), await callerFor(id)];
  const user = await api.post(`${base}/users`, newUser());
  const organization = await api.post(`${base}/organizations`, newOrganization());
  expect((await second.get(base)).status).toBe(200);
  await platform.delete(base);
  for (const caller of [api, second]) {
    for (const path of [base, `${base}/users`, '/v3/events', '/v3/webhooks']) {
      const reply = await caller.get(path);
      expect([path, reply.status, reply.body.code]).toEqual([path, 401, 'INVALID_TOKEN']);
    }
    expect((await caller.post(`${base}/users`, newUser())).status).toBe(401);
  }
  for (const path of [
    `${base}/users`,
    `${base}/users/${user.body.id}`,
    `${base}/organizations/${organization.body.id}`,
  ]) {
    expect((await platform.get(path)).body.code).toBe('RESELLER_NOT_FOUND');
  }
  expect((await platform.post(`${base}/users`, newUser())).body.code).toBe('RESELLER_NOT_FOUND');
  expect(await rows('select 1 from users where id = ?', user.body.id)).toHaveLength(1);
});

test.each([-2, 2_147_483_648, 1.5, '3', null])('a quota of %j is refused', async (allowedUsers) => {
  const reply = await (await operator()).post('/v3/resellers', { ...newReseller(), allowedUsers });
  expect([reply.status, reply.body.errors?.[0]?.field]).toEqual([400, 'allowedUsers']);
});

test('a scope that was withdrawn after the token was issued is gone on the next request', async () => {
  const { id, base } = await makeReseller();
  const caller = await callerFor(id, ['reseller:user:create', 'reseller:user:read']);
  expect((await caller.get(`${base}/users`)).status).toBe(200);
  await rows("update api_clients set scopes = 'reseller:user:create' where id = ?", caller.client.id);
  const reply = await caller.get(`${base}/users`);
  expect([reply.status, reply.body.code]).toEqual([403, 'INSUFFICIENT_SCOPE']);
  expect((await caller.post(`${base}/users`, newUser())).status).toBe(201);
  await rows("update api_clients set scopes = '' where id = ?", caller.client.id);
  const sent = newUser();
  expect((await caller.post(`${base}/users`, sent)).status).toBe(403);
  expect(await rows('select 1 from users where email = ?', sent.email)).toEqual([]);
  await rows('update api_clients set revoked_at = 1 where id = ?', caller.client.id);
  expect((await caller.post(`${base}/users`, newUser())).status).toBe(401);
});
