import { expect, test } from 'vitest';
import { makeReseller, newOrganization, newUser, rows } from '../../support/world.ts';

test('an organization is created, read, changed and deleted', async () => {
  const { base, api } = await makeReseller();
  const sent = {
    ...newOrganization(),
    description: 'd',
    allowedUsers: 5,
    address: { addressLine1: '1 Main', city: 'Bern' },
  };
  const made = await api.post(`${base}/organizations`, sent);
  expect(made.status).toBe(201);
  const blank = { addressLine1: '', addressLine2: '', city: '', state: '', country: '', postalCode: '' };
  expect(made.body).toEqual({
    id: made.body.id,
    createdAt: made.body.createdAt,
    updatedAt: made.body.createdAt,
    ...sent,
    address: { ...blank, ...sent.address },
  });
  const path = `${base}/organizations/${made.body.id}`;
  const changed = await api.patch(path, { allowedUsers: 6, address: { city: 'Basel' } });
  expect(changed.status).toBe(200);
  expect(changed.body).toEqual({
    ...made.body,
    allowedUsers: 6,
    address: { ...made.body.address, city: 'Basel' },
    updatedAt: changed.body.updatedAt,
  });
  expect((await api.get(path)).body).toEqual(changed.body);
  expect((await api.delete(path)).status).toBe(204);
  expect((await api.get(path)).body.code).toBe('ORGANIZATION_NOT_FOUND');
  const types = await rows('select type from events where subject = ? order by seq', made.body.id);
  expect(types.map(({ type }) => type.split('.').at(-1))).toEqual(['created', 'updated', 'deleted']);
});

test('a name is unique within its reseller, in any case, and free again after deletion', async () => {
  const [mine, other] = [await makeReseller(), await makeReseller()];
  const sent = newOrganization();
  const made = await mine.api.post(`${mine.base}/organizations`, sent);
  const again = await mine.api.post(`${mine.base}/organizations`, { ...sent, name: sent.name.toUpperCase() });
  expect([again.status, again.body.code]).toEqual([409, 'NAME_ALREADY_EXISTS']);
  expect((await other.api.post(`${other.base}/organizations`, sent)).status).toBe(201);
  const second = await mine.api.post(`${mine.base}/organizations`, newOrganization());
  const renamed = await mine.api.patch(`${mine.base}/organizations/${second.body.id}`, { name: sent.name });
  expect([renamed.status, renamed.body.code]).toEqual([409, 'NAME_ALREADY_EXISTS']);
  await mine.api.delete(`${mine.base}/organizations/${made.body.id}`);
  expect((await mine.api.post(`${mine.base}/organizations`, sent)).status).toBe(201);
});

test('deleting an organization removes its users, each with an event in the name of who did it', async () => {
  const { base, api } = await makeReseller();
  const organization = await api.post(`${base}/organizations`, newOrganization());
  const inside = newUser();
  const users = [
    await api.post(`${base}/users`, { ...inside, organizationId: organization.body.id }),
    await api.post(`${base}/users`, { ...newUser(), organizationId: organization.body.id }),
  ];
  const outside = await api.post(`${base}/users`, newUser());
  expect((await api.delete(`${base}/organizations/${organization.body.id}`)).status).toBe(204);
  for (const { body } of users) {
    expect((await api.get(`${base}/users/${body.id}`)).status).toBe(404);
    const events = await rows("select * from events where subject = ? and type = 'reseller.user.deleted'", body.id);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ actor: `client:${api.client.id}` });
    expect(JSON.parse(events[0].before)).toMatchObject({
      email: body.email,
      organization: { id: organization.body.id },
    });
  }
  expect((await api.get(`${base}/users`)).body.map(({ id }: { id: string }) => id)).toEqual([outside.body.id]);
  expect((await api.post(`${base}/users`, inside)).status).toBe(201);
  expect(await rows('select deleted_at, user_count from organizations where id = ?', organization.body.id)).toEqual([
    { deleted_at: expect.any(Number), user_count: 0 },
  ]);
});
