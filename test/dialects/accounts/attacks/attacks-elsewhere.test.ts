import { expect, test } from 'vitest';
import { fanOut } from '../../../../src/delivery/fanout.ts';
import { runOrganizationRemoval } from '../../../../src/delivery/remove-organization.ts';
import { deletedResellers } from '../../../../src/jobs/deleted-resellers.ts';
import { runJob } from '../../../../src/jobs/run.ts';
import { DELETED_RETENTION_MS } from '../../../../src/model/limits/index.ts';
import { acceptAll } from '../../../support/people/accounts.ts';
import { stoppedWorld } from '../../../support/stopped-world.ts';
import { makeReseller, newOrganization, newUser, operator, rows, unique } from '../../../support/world.ts';

const usersOf = (id: string) => `/v1.0/accounts/${id}/users`;

/** A user of one reseller's customer with facts that are nobody else's, who is a member of another reseller too. */
async function makeShared() {
  const [home, other] = [await makeReseller(), await makeReseller()];
  const organization = (await home.api.post(`${home.base}/organizations`, newOrganization())).body;
  const secret = unique('secret');
  const body = { ...newUser(), role: secret, company: secret, organizationId: organization.id };
  const user = (await home.api.post(`${home.base}/users`, body)).body;
  const joining = { email: user.email, displayName: 'x', roles: ['webhooks.admin'] };
  const joined = await (await operator()).post(usersOf(other.id), joining);
  expect(joined.status).toBe(201);
  await acceptAll(user.id);
  await rows('update users set job_title = ?, phone = ? where id = ?', secret, secret, user.id);
  const heard = async () =>
    (await other.api.get('/v3/events')).body.filter((event: { subject: string }) => event.subject === user.id);
  return { home, other, organization, user, secret, heard };
}

test('another account hears nothing of the role, customer, company or callers at home', async () => {
  const { home, other, organization, user, secret, heard } = await makeShared();
  const path = `${home.base}/users/${user.id}`;
  const request = unique('request');
  await home.api.send('PATCH', path, { lastName: 'Roe' }, { 'X-Request-Id': request });
  await home.api.patch(`${usersOf(home.id)}/${user.id}`, [{ op: 'add', path: '/roles/-', value: 'branding.admin' }]);
  await other.api.patch(`${usersOf(other.id)}/${user.id}`, [{ op: 'remove', path: '/roles/0' }]);
  await home.api.delete(path);
  const events = await heard();
  expect(events.map(({ event }: { event: string }) => event)).toEqual([
    'reseller.user.created',
    'reseller.user.updated',
    'reseller.user.updated',
    'reseller.user.updated',
  ]);
  const stored = await rows('select * from events where subject = ? and reseller_id = ?', user.id, other.id);
  for (const text of [JSON.stringify(events), JSON.stringify(stored)]) {
    for (const word of [secret, request, organization.id, home.api.client.id, 'branding.admin']) {
      expect(text).not.toContain(word);
    }
  }
  expect(events[1]).toMatchObject({
    actor: `reseller:${home.id}`,
    data: { lastName: 'Roe', role: 'user', company: '' },
  });
});

test('another account hears nothing of it either where the user goes with its customer', async () => {
  const { home, organization, secret, heard } = await makeShared();
  await home.api.delete(`${home.base}/organizations/${organization.id}`);
  const { worker } = stoppedWorld();
  await runOrganizationRemoval(worker, organization.id);
  const events = await heard();
  expect(events.at(-1)).toMatchObject({ event: 'reseller.user.updated', actor: `reseller:${home.id}` });
  for (const word of [secret, organization.id, home.api.client.id]) expect(JSON.stringify(events)).not.toContain(word);
  const ids = await rows('select id from events where relay_at is not null');
  await fanOut(
    worker,
    ids.map(({ id }) => id),
  );
  expect(await rows('select 1 from events where relay_at is not null')).toEqual([]);
});

test('a user whose own reseller was deleted stays listed and counted in the other one', async () => {
  const { home, other, user } = await makeShared();
  const metrics = async () => (await other.api.get(`/v1.0/accounts/${other.id}/metrics`)).body.data;
  expect(await metrics()).toMatchObject({ users: 1, usersByRole: { 'webhooks.admin': 1 } });
  await (await operator()).delete(home.base);
  const listed = async () => (await other.api.get(usersOf(other.id))).body.data;
  expect(await listed()).toMatchObject([{ id: user.id, primaryTenant: home.id }]);
  const { worker, clock } = stoppedWorld();
  await runJob(worker, deletedResellers);
  expect(await listed()).toMatchObject([{ id: user.id, primaryTenant: other.id }]);
  clock.nowMs = Date.now() + DELETED_RETENTION_MS + 1;
  await runJob(worker, deletedResellers);
  expect(await metrics()).toMatchObject({ users: 1, usersByRole: { 'webhooks.admin': 1 } });
});

test('an account that is full is no reason to refuse somebody who takes no place in it', async () => {
  const home = await makeReseller();
  const other = await makeReseller({ allowedUsers: 0 });
  const { email } = (await home.api.post(`${home.base}/users`, newUser())).body;
  const platform = await operator();
  const joined = await platform.post(usersOf(other.id), { email, displayName: 'x' });
  expect([joined.status, joined.body.data?.primaryTenant]).toEqual([201, home.id]);
  const fresh = { email: `${unique('f')}@example.com`, displayName: 'x' };
  expect((await platform.post(usersOf(other.id), fresh)).body.message).toBe('No more users are allowed here.');
  expect((await other.api.post(usersOf(other.id), { ...fresh, email })).body.message).toBe(
    'No more users are allowed here.',
  );
});

test('both accounts hear at once of a user who goes with its customer', async () => {
  const { organization, user } = await makeShared();
  await rows(
    'update organizations set deleted_at = 1, deleted_by = ?, deleted_in = ? where id = ?',
    'a',
    'b',
    organization.id,
  );
  const { worker, sent } = stoppedWorld();
  await runOrganizationRemoval(worker, organization.id);
  const written = await rows(
    'select id from events where subject = ? and audit_only = 0 order by seq desc limit 2',
    user.id,
  );
  expect(sent.events.map(({ body }) => body['eventId']).sort()).toEqual(written.map(({ id }) => id).sort());
});
