import { beforeAll, expect, test } from 'vitest';
import { sendReleasedEmails } from '../../../../src/delivery/relay.ts';
import { muteQueues } from '../../../support/queues.ts';
import { stoppedWorld } from '../../../support/stopped-world.ts';
import { makeReseller, newOrganization, newUser, operator, rows, unique } from '../../../support/world.ts';

beforeAll(muteQueues);

const usersOf = (id: string) => `/v1.0/accounts/${id}/users`;
const tells = (type: string) => (event: { type: string }) => event.type === `reseller.user.${type}`;

test.each([1, 2, 3, 4, 5, 6])(
  'who joins, leaves, is changed and deleted at once is told of in full (%i)',
  async (round) => {
    const [home, other] = [await makeReseller(), await makeReseller()];
    const platform = await operator();
    const organization = (await home.api.post(`${home.base}/organizations`, newOrganization())).body;
    const body = { ...newUser(), organizationId: organization.id };
    const { id, email } = (await home.api.post(`${home.base}/users`, body)).body;
    const join = () => platform.post(usersOf(other.id), { email, displayName: 'x', roles: ['webhooks.admin'] });
    const there = `${usersOf(other.id)}/${id}`;
    const gone = round % 2 === 0 ? `${home.base}/organizations/${organization.id}` : `${home.base}/users/${id}`;
    const replies = await Promise.all([
      join(),
      home.api.patch(`${home.base}/users/${id}`, { lastName: 'Roe' }),
      join(),
      other.api.patch(there, [{ op: 'add', path: '/roles/-', value: 'branding.admin' }]),
      other.api.delete(there),
      round > 2 ? home.api.delete(gone) : join(),
      join(),
      home.api.patch(`${usersOf(home.id)}/${id}`, [
        { op: 'replace', path: '/email', value: `${unique('new')}@example.com` },
      ]),
    ]);
    for (const { status } of replies) expect([200, 201, 204, 403, 404, 409]).toContain(status);
    for (const reseller of [home, other]) {
      const events = await rows(
        'select * from events where subject = ? and reseller_id = ? order by seq',
        id,
        reseller.id,
      );
      const members = await rows('select * from memberships where user_id = ? and reseller_id = ?', id, reseller.id);
      expect(events.filter(tells('created')).length - events.filter(tells('deleted')).length).toBe(members.length);
      const [last] = events.filter(tells('updated')).slice(-1);
      const user = (await rows('select * from users where id = ?', id))[0];
      if (reseller === home && user && last) expect(JSON.parse(last.after).email).toBe(user.email);
      const updates = replies.filter(({ status }, index) => status === 200 && [1, 7].includes(index)).length;
      if (reseller === home) expect(events.filter(tells('updated'))).toHaveLength(updates);
    }
  },
);

test('switched off and on while people are invited, an account has each of them one mail to get', async () => {
  const platform = await operator();
  const { id } = (await platform.post('/v1.0/accounts', { name: unique('Account'), enabled: true })).body.data;
  const enable = (value: boolean) =>
    platform.patch(`/v1.0/accounts/${id}`, [{ op: 'replace', path: '/enabled', value }]);
  const made = await platform.post(usersOf(id), { email: `${unique('m')}@example.com`, displayName: 'x' });
  const send = () => platform.post(`${usersOf(id)}/${made.body.data.id}/sendActivationEmail`);
  expect((await send()).status).toBe(204);
  const { worker, clock, arrive } = stoppedWorld();
  /** What has become of the mails once each had its turn. */
  const deliver = async () => {
    clock.nowMs = Date.now();
    await sendReleasedEmails(worker);
    const mails = await rows('select id from emails where reseller_id = ? order by random()', id);
    const messages = mails.map(({ id }) => ({ emailId: id }));
    for (let turns = 0; turns < 2; turns++) await arrive(messages, worker, 'emails');
    const states = await rows('select state from emails where reseller_id = ? order by state', id);
    return states.map(({ state }) => state);
  };
  await enable(false);
  expect(await deliver()).toEqual(['pending']);
  const asked = await Promise.all([send(), send(), send(), send()]);
  expect(asked.map(({ status }) => status).sort()).toEqual([204, 204, 429, 429]);
  await Promise.all([enable(true), enable(true)]);
  expect(await deliver()).toEqual(['dropped', 'dropped', 'sent']);
});
