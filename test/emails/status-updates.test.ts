import PostalMime from 'postal-mime';
import { beforeEach, expect, test, vi } from 'vitest';
import { sendReleasedEmails } from '../../src/delivery/relay.ts';
import { runJobs } from '../../src/jobs/index.ts';
import {
  LINK_MAILS_MAX,
  MAIL_OVERDUE_MS,
  MAIL_RETENTION_MS,
  MAIL_RETRY_SECONDS,
} from '../../src/model/limits/index.ts';
import { makeMailbox } from '../support/outside/mailbox.ts';
import { provider } from '../support/outside/provider.ts';
import { makePublisher, SUBSCRIBED, tellAll } from '../support/people/subscribers.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeReseller, rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

const DAY = 86_400_000;

test('everybody subscribed gets one mail in their language, and nobody else', async () => {
  const publisher = await makePublisher();
  const subscribers = await Promise.all(
    (['en', 'de', 'ja', 'fr', 'es'] as const).map(async (language) => ({
      language,
      ...(await publisher.member(SUBSCRIBED, language)),
    })),
  );
  const bystander = await publisher.member(['account.user', 'branding.admin']);
  const elsewhere = await makePublisher();
  const stranger = await elsewhere.member();
  const id = await publisher.publish({ title: 'Zone A', body: 'One\nTwo' });
  const messages = await publisher.expand(id);
  expect(messages).toHaveLength(subscribers.length);
  await Promise.all([1, 2, 3].map(() => publisher.deliver([...messages, ...messages])));
  for (const { language, email } of subscribers) {
    const [mail, ...more] = publisher.inbox(email);
    expect(more).toEqual([]);
    expect(mail!.html).toContain(`<html lang="${language}">`);
    expect(mail!.subject).toContain('Zone A');
    expect(mail!.text).toContain('One\nTwo');
  }
  expect(await publisher.mails(id)).toHaveLength(subscribers.length);
  for (const { email } of [bystander, stranger]) expect(publisher.inbox(email)).toEqual([]);
  expect(await publisher.shown(id)).toMatchObject({ state: 'done', recipients: 5, sent: 5, failed: 0, pending: 0 });
});

test('whoever belongs to several accounts gets the updates of those where the role is held', async () => {
  const home = await makePublisher();
  const { email, userId } = await home.member(['account.user']);
  const host = await makePublisher();
  await rows(
    'insert into memberships (user_id, reseller_id, roles, created_at, accepted_at) values (?, ?, ?, 1, 1)',
    userId,
    host.id,
    JSON.stringify(SUBSCRIBED),
  );
  await tellAll(home);
  await tellAll(host);
  expect(home.inbox(email)).toEqual([]);
  expect(host.inbox(email)).toHaveLength(1);
  // A home that is gone takes nothing from the others.
  await rows('update resellers set deleted_at = 1 where id = ?', home.id);
  await tellAll(host);
  expect(host.inbox(email)).toHaveLength(2);
});

test('the mail is in the look of the account, and says how to unsubscribe', async () => {
  const publisher = await makePublisher();
  const { email } = await publisher.member();
  await rows(
    `insert into brandings (reseller_id, product_name, primary_color, support_email, sender_name, updated_at)
     values (?, 'Acme Cloud', '#aa3300', 'help@acme.example', 'The Acme Team', 1)`,
    publisher.id,
  );
  await tellAll(publisher);
  const [mail] = publisher.inbox(email);
  expect(mail).toMatchObject({ from: { name: 'The Acme Team via edge.localhost' }, replyTo: 'help@acme.example' });
  expect(mail!.unsubscribe).toMatch(/^https:\/\/edge\.localhost\/unsubscribe\/k1\.[\w-]+$/);
  for (const part of ['Acme Cloud', '#aa3300', mail!.unsubscribe!]) expect(mail!.html).toContain(part);
  expect(mail!.text).toContain(mail!.unsubscribe);
});

test('over SMTP the mail program finds how to unsubscribe at one click, and not in an invitation', async () => {
  const mailbox = await makeMailbox();
  const publisher = await makePublisher({ smtp: mailbox.settings });
  const { userId } = await publisher.member();
  await tellAll(publisher);
  const again = await publisher.api.post(`${publisher.account}/users/${userId}/sendActivationEmail`);
  expect(again.status).toBe(204);
  const [invitation] = await rows("select id from emails where user_id = ? and template = 'activation'", userId);
  await publisher.deliver([{ emailId: invitation.id }]);
  const { mails } = await mailbox.seen();
  const [told, invited] = await Promise.all(mails.map(({ raw }) => PostalMime.parse(raw)));
  const keys = (mail: typeof told) => mail!.headers.map(({ key }) => key).filter((key) => key.startsWith('list-'));
  expect(keys(told).sort()).toEqual(['list-unsubscribe', 'list-unsubscribe-post']);
  expect(keys(invited)).toEqual([]);
});

test.each<[string, (publisher: Awaited<ReturnType<typeof makePublisher>>, userId: string) => Promise<unknown>]>([
  [
    'unsubscribed',
    ({ api, account }, userId) =>
      api.send('PATCH', `${account}/users/${userId}`, [{ op: 'replace', path: '/roles', value: ['account.user'] }]),
  ],
  ['left', ({ api, account }, userId) => api.delete(`${account}/users/${userId}`)],
  ['moved to another address', (_, userId) => rows("update users set email_key = 'x' || id where id = ?", userId)],
  ['lost the account', ({ id }) => rows('update resellers set deleted_at = 1 where id = ?', id)],
])('who %s before the mail could leave gets none, and is not counted', async (_, happen) => {
  const publisher = await makePublisher();
  const { userId, email } = await publisher.member();
  const id = await publisher.publish();
  const messages = await publisher.expand(id);
  expect(await publisher.shown(id)).toMatchObject({ state: 'sending', recipients: 1, pending: 1 });
  await happen(publisher, userId);
  await publisher.deliver(messages);
  expect(publisher.inbox(email)).toEqual([]);
  expect(await publisher.mails(id)).toMatchObject([{ state: 'dropped', reason: 'not wanted any more' }]);
  expect(await rows('select * from status_update_progress where status_update_id = ?', id)).toMatchObject([
    { pending: 0, sent: 0, failed: 0, dropped: 1, expanding_at: null },
  ]);
});

test('users of a customer that is deleted get none', async () => {
  const publisher = await makePublisher();
  const { userId } = await publisher.member();
  const { body: customer } = await publisher.api.post('/reseller/customers', { name: 'Customer' });
  await rows('update users set organization_id = ? where id = ?', customer.customer_id, userId);
  await rows(
    "update organizations set deleted_at = 1, deleted_by = 'a', deleted_in = 'b' where id = ?",
    customer.customer_id,
  );
  expect(await publisher.expand(await publisher.publish())).toEqual([]);
});

test('the counts follow each mail: pending, tried again, sent, failed for good', async () => {
  const { email } = provider('E_RATE_LIMIT_EXCEEDED', 'E_RECIPIENT_SUPPRESSED', null, null);
  const publisher = await makePublisher({ email });
  await publisher.member();
  await publisher.member();
  await publisher.member();
  const id = await publisher.publish();
  expect(await publisher.shown(id)).toMatchObject({ state: 'preparing', recipients: 0 });
  const messages = await publisher.expand(id);
  const counts = async () => {
    const { state, recipients, sent, failed, pending } = await publisher.shown(id);
    return [state, recipients, sent, failed, pending];
  };
  expect(await counts()).toEqual(['sending', 3, 0, 0, 3]);
  await publisher.deliver([messages[0]!]);
  expect(await counts()).toEqual(['sending', 3, 0, 0, 3]);
  await publisher.deliver([messages[1]!]);
  expect(await counts()).toEqual(['sending', 3, 0, 1, 2]);
  await publisher.deliver([messages[2]!]);
  expect(await counts()).toEqual(['sending', 3, 1, 1, 1]);
  publisher.clock.nowMs += MAIL_RETRY_SECONDS[0] * 1000;
  await publisher.deliver(messages);
  expect(await counts()).toEqual(['done', 3, 2, 1, 0]);
  // Long after the records of the mails are gone.
  publisher.clock.nowMs += MAIL_RETENTION_MS + DAY;
  await runJobs(publisher.worker, '* * * * *');
  expect(await publisher.mails(id)).toEqual([]);
  expect(await counts()).toEqual(['done', 3, 2, 1, 0]);
});

test('an account that is not enabled holds its mails back, and sends them once it is', async () => {
  const publisher = await makePublisher();
  const { email } = await publisher.member();
  await publisher.setEnabled(false);
  const id = await publisher.publish();
  expect(await publisher.expand(id)).toEqual([]);
  const [held] = await publisher.mails(id);
  expect(held).toMatchObject({ state: 'pending', next_attempt_at: null });
  await publisher.deliver([{ emailId: held.id }]);
  expect(publisher.inbox(email)).toEqual([]);
  expect(await publisher.shown(id)).toMatchObject({ state: 'sending', recipients: 1, pending: 1 });
  await publisher.setEnabled(true);
  publisher.clock.nowMs += MAIL_OVERDUE_MS;
  await runJobs(publisher.worker, '* * * * *');
  const messages = publisher.sent.emails.splice(0).map(({ body }) => body);
  await publisher.deliver(messages.filter(({ emailId }) => emailId === held.id));
  expect(publisher.inbox(email)).toHaveLength(1);
  expect(await publisher.shown(id)).toMatchObject({ state: 'done', sent: 1, pending: 0 });
});

test('mails that wait when the account is disabled meanwhile go out once each when it is enabled again', async () => {
  const publisher = await makePublisher();
  const { email } = await publisher.member();
  const [one, two] = [await publisher.publish(), await publisher.publish()];
  const messages = [...(await publisher.expand(one)), ...(await publisher.expand(two))];
  await publisher.setEnabled(false);
  await publisher.deliver(messages);
  expect(publisher.inbox(email)).toEqual([]);
  await publisher.setEnabled(true);
  await sendReleasedEmails(publisher.worker);
  await publisher.deliver([...messages, ...messages]);
  expect(publisher.inbox(email)).toHaveLength(2);
});

test('status updates take nothing from the activation mails that somebody may ask for', async () => {
  const publisher = await makePublisher();
  const { path } = await publisher.member();
  for (let updates = 0; updates <= LINK_MAILS_MAX; updates++) await tellAll(publisher);
  for (let asked = 0; asked < LINK_MAILS_MAX; asked++) {
    expect((await publisher.api.post(`${path}/sendActivationEmail`)).status).toBe(204);
  }
  const refused = await publisher.api.post(`${path}/sendActivationEmail`);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(3500);
});

test('an update says nothing to webhooks or the feed', async () => {
  const { id } = await makeReseller();
  const publisher = await callerFor(id);
  const count = async () =>
    (await rows('select count(*) as n from events where reseller_id = ? and audit_only = 0', id))[0].n;
  const before = await count();
  await publisher.post(`/v1.0/accounts/${id}/statusUpdates`, { title: 'a', body: 'b', severity: 'info' });
  expect(await count()).toBe(before);
});
