import { expect, test, vi } from 'vitest';
import { makePlace } from '../../support/outside/place.ts';
import { enroll, makeAccount } from '../../support/people/accounts.ts';

/** What only the primary tenant may know of its user. */
const SECRETS = /secret|organization-admin|customer\.admin|webhooks\.admin|4711|chief/i;

test('another account never sees whose customer a user is at home, nor what it may do there', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const place = makePlace();
  const webhook = { name: 'w', url: place.url, token: 't', enabled: true, events: ['*'] };
  await other.api.post('/v3/webhooks', webhook);
  const { body: customer } = await home.api.post('/reseller/customers', { name: 'Secret Customer' });
  const { body: made } = await home.api.post(`/reseller/customers/${customer.customer_id}/users`, {
    username: `${crypto.randomUUID()}@example.com`,
    role: 'manager',
    first_name: 'Sam',
    job_title: 'Chief',
    phone: '4711',
  });
  const id: string = made.user_id;
  const atHome = `${home.base}/users/${id}`;
  await home.api.patch(atHome, { company: 'Secret GmbH' });
  await home.api.patch(`${home.users}/${id}`, [{ op: 'replace', path: '/roles', value: ['customer.admin'] }]);
  const { email } = await home.shown(id);
  const there = await enroll(other, { email }, 'branding.admin');

  const replies = [await other.api.get(there.path), await other.api.get(other.users)];
  await home.api.patch(`${home.users}/${id}`, [{ op: 'add', path: '/roles/-', value: 'webhooks.admin' }]);
  await home.api.patch(atHome, { firstName: 'Samuel', company: 'Top Secret GmbH' });
  await home.api.put(`/reseller/customers/${customer.customer_id}/users/${id}`, { job_title: 'Chief of all' });
  replies.push(await other.api.patch(there.path, [{ op: 'remove', path: '/roles/1' }]));
  await other.api.delete(there.path);
  await enroll(other, { email });
  await home.api.delete(`/reseller/customers/${customer.customer_id}`);

  const feed = await other.api.get('/v3/events');
  const types = feed.body.map(({ event }: { event: string }) => event.replace('reseller.user.', ''));
  expect(types.filter((type: string) => type === 'deleted')).toHaveLength(1);
  const told = await vi.waitFor(
    async () => {
      const seen = await place.seen();
      // Not the one before there was a webhook; what a customer's deletion says abroad comes with the next minute.
      expect(seen.length).toBeGreaterThanOrEqual(feed.body.length - 2);
      return seen.map(({ body }) => body);
    },
    { timeout: 20_000, interval: 50 },
  );
  for (const text of [...replies.map((reply) => reply.text), feed.text, ...told]) {
    expect(text).not.toMatch(SECRETS);
    expect(text).not.toContain(customer.customer_id);
  }
  expect(feed.text).toContain('Samuel');
});
