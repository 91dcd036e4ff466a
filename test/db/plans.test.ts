import { beforeAll, expect, test } from 'vitest';
import { abandonUpload } from '../../src/db/storage/garbage.ts';
import { sendEmails } from '../../src/delivery/emails.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { recover } from '../../src/delivery/recovery-scan.ts';
import { runOrganizationRemoval } from '../../src/delivery/remove-organization.ts';
import { writeStatusMails } from '../../src/delivery/status-mails.ts';
import { devEmails } from '../../src/emails/transports/dev-mailbox.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { OBJECT_LEASE_MS } from '../../src/model/limits/index.ts';
import { type Caller, send } from '../support/api.ts';
import { declared } from '../support/generators/routes.ts';
import { listPages, planOf, statementsOf, wasteOf } from '../support/measures/plans.ts';
import { makePlace } from '../support/outside/place.ts';
import { makeRealm, newCustomer, newMember, PASSWORD } from '../support/people/customers.ts';
import { makeInvited, tokenIn } from '../support/people/invited.ts';
import {
  addPasskey,
  codeOf,
  enroll,
  makePerson,
  post,
  PASSWORD as SIGN_IN_PASSWORD,
} from '../support/people/signed-up.ts';
import { makePublisher, newStatusUpdate, subscriptionTokenIn } from '../support/people/subscribers.ts';
import { muteQueues } from '../support/queues.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { makeStorage, storageOf } from '../support/storage.ts';
import { byKey, callerFor, makeReseller, newOrganization, newUser, operator, rows, unique } from '../support/world.ts';

beforeAll(muteQueues);

test('no statement of a request scans a table or sorts its result', async () => {
  const { base, api } = await makeReseller();
  const platform = await operator();
  const statements = await statementsOf(async () => {
    const organization = await api.post(`${base}/organizations`, newOrganization(), { 'Idempotency-Key': 'a' });
    const user = await api.post(`${base}/users`, { ...newUser(), organizationId: organization.body.id });
    await api.post(`${base}/users`, { ...newUser(), email: user.body.email });
    await api.get(`${base}/users/${user.body.id}`);
    for (const list of [`${base}/users`, `${base}/organizations`]) {
      for (const sort of ['createdAt', 'updatedAt', 'name', 'email']) {
        for (const direction of ['', '-']) await listPages(api, list, `${direction}${sort}`);
      }
    }
    await api.get(`${base}/users?search=x&role[in]=a,b&email[sw]=c&createdAt[gt]=2020-01-01`);
    for (const caller of [api, platform]) {
      for (const sort of ['createdAt', '-updatedAt', 'name', '-email']) await caller.get(`/v3/resellers?sort=${sort}`);
      const feed = await caller.get('/v3/events?limit=1');
      await caller.get(`/v3/events?after=${feed.body[0].id}`);
    }
    const webhook = { name: 'w', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
    const made = await api.post('/v3/webhooks', webhook);
    for (const sort of ['createdAt', '-updatedAt', 'name']) await api.get(`/v3/webhooks?sort=${sort}`);
    await api.patch(`/v3/webhooks/${made.body.id}`, { name: 'v' });
    await api.delete(`/v3/webhooks/${made.body.id}`);
    await api.patch(`${base}/users/${user.body.id}`, { firstName: 'x', organizationId: null });
    await api.patch(`${base}/organizations/${organization.body.id}`, { name: 'x' });
    await api.delete(`${base}/users/${user.body.id}`);
    await api.delete(`${base}/organizations/${organization.body.id}`);
    await platform.patch(base, { description: 'x' });
    await callerFor(null);
    await platform.delete(base);
  });
  expect(statements.size).toBeGreaterThan(50);
  expect(await wasteOf(statements)).toEqual({});
});

test('no statement of a request about customers scans a table or sorts its result, by token or by key', async () => {
  const { v3, api, makeCustomer } = await makeRealm();
  const other = await makeCustomer();
  const statements = await statementsOf(async () => {
    for (const caller of [api, byKey(api.client)]) {
      const { body } = await caller.post('/reseller/customers', newCustomer(), { 'Idempotency-Key': unique('a') });
      const customer = `/reseller/customers/${body.customer_id}`;
      const users = `${customer}/users`;
      const made = await caller.post(users, newMember());
      expect(made.status).toBe(201);
      await caller.post(users, { ...newMember(), password: PASSWORD });
      for (const list of ['/reseller/customers', users]) await listPages(caller, list);
      await caller.get(`/reseller/customers/${crypto.randomUUID()}/users`);
      await caller.get(customer);
      await caller.put(customer, { organizational_info: { sector: 'x' } });
      await caller.put(`${users}/${made.body.user_id}`, { first_name: 'x' });
      await caller.put(`${other.users}/${made.body.user_id}`, { first_name: 'x' });
      await api.patch(`${v3}/organizations/${body.customer_id}`, { allowedUsers: 0 });
      await caller.post(users, newMember());
      await caller.delete(`${users}/${made.body.user_id}`);
      await caller.delete(customer);
    }
  });
  expect(statements.size).toBeGreaterThan(30);
  expect(await wasteOf(statements)).toEqual({});
});

test("the lists of customers and of a customer's users walk the index that is made for them", async () => {
  const { api, makeCustomer } = await makeRealm();
  const { users, makeUser } = await makeCustomer();
  await Promise.all([makeCustomer(), makeUser(), makeUser()]);
  for (const [list, alias, index] of [
    ['/reseller/customers', 'organization', 'organizations_by_created'],
    [users, 'user', 'users_by_organization'],
  ] as const) {
    const statements = await statementsOf(() => listPages(api, list));
    const plans = await Promise.all([...statements].filter((sql) => sql.includes(' limit ')).map(planOf));
    // The first page and the one behind a cursor.
    expect(plans).toHaveLength(2);
    for (const plan of plans) expect(plan.join('\n')).toContain(`SEARCH ${alias} USING INDEX ${index} `);
  }
});

test('no statement about mails, links and removals scans a table or sorts its result', async () => {
  const invited = await makeInvited();
  const { worker, clock, userId, customerId, api, eventId, inbox } = invited;
  const ask = (path: string, body: object) =>
    send('POST', `/activate/${path}`, {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const statements = await statementsOf(async (session) => {
    const watched = { ...worker, db: session };
    await fanOut(watched, [eventId]);
    const [mail] = await invited.mails();
    await sendEmails(watched, [mail.id]);
    const token = tokenIn(inbox()[0]!);
    await ask('link', { token });
    await ask('mail', { token });
    await ask('mail', { email: invited.email });
    await ask('password', { token, password: 'Correct-horse-1' });
    await send('GET', '/cdn-cgi/mail');
    await rows(
      'insert into sessions (id, user_id, created_at, expires_at, ended_at) values (?, ?, 1, 2, null)',
      userId,
      userId,
    );
    await api.delete(`/reseller/customers/${customerId}`);
    await runOrganizationRemoval(watched, customerId);
    clock.nowMs += 40 * 24 * 60 * 60 * 1000;
    await runJobs(watched, '* * * * *');
  });
  expect([...statements].filter((sql) => /emails|activations|sessions/.test(sql)).length).toBeGreaterThan(12);
  expect(await wasteOf(statements)).toEqual({});
});

test('no statement about storage scans a table or sorts its result, in a request or in the background', async () => {
  const { worker, clock, arrive } = stoppedWorld();
  const { resellerId, api, accounts } = await makeStorage();
  const platform = await operator();
  const statements = await statementsOf(async (session) => {
    const watched = { ...worker, db: session };
    for (const caller of [api, platform]) {
      const { path, put, ask, list, objects, id } = await storageOf(resellerId, caller);
      for (const key of ['a', 'b', 'c']) expect(await put(key, key)).toMatchObject({ status: 201 });
      expect(await put('a', 'new', { 'If-Match': '*' })).toMatchObject({ status: 200 });
      expect(await put('a', 'x', { 'If-None-Match': '*' })).toMatchObject({ status: 412 });
      await ask('GET', 'a');
      await list('?prefix=a');
      await listPages(caller, objects);
      await listPages(caller, accounts);
      await caller.get(path);
      await caller.patch(path, [{ op: 'replace', path: '/quotaBytes', value: 5 }]);
      expect(await put('d', 'xxx')).toMatchObject({ status: 413 });
      await ask('DELETE', 'b');
      await caller.delete(path);
      expect(await caller.delete(`${path}?purge=true`)).toMatchObject({ status: 202 });
      await arrive([{ storageAccountId: id }], watched);
    }
    const { put, id } = await storageOf(resellerId, api);
    await put('a', 'x');
    await abandonUpload(session, id, 0);
    await put('a', 'y');
    clock.nowMs += OBJECT_LEASE_MS;
    await runJobs(watched, '* * * * *');
  });
  expect([...statements].filter((sql) => sql.includes('storage_')).length).toBeGreaterThan(30);
  expect(await wasteOf(statements)).toEqual({});
});

test.each([
  ['', 'key>?'],
  ['prefix=a', 'key>? AND key<?'],
])('objects are listed with %j by the index of their keys alone', async (query, range) => {
  const { list } = await makeStorage();
  const statements = await statementsOf(() => list(`?${query}`));
  const [plan] = await Promise.all([...statements].filter((sql) => sql.includes('order by')).map(planOf));
  expect(plan?.join()).toContain(
    `SEARCH object USING INDEX storage_objects_stored (storage_account_id=? AND ${range})`,
  );
});

test('no statement about status updates scans a table or sorts its result', async () => {
  const publisher = await makePublisher();
  const { api, account, worker, clock, member } = publisher;
  await Promise.all([member(), member(), member(['account.user'])]);
  const statements = await statementsOf(async (session) => {
    const watched = { ...worker, db: session };
    const list = `${account}/statusUpdates`;
    for (let count = 0; count < 2; count++) {
      const { body } = await api.post(list, newStatusUpdate(), { 'Idempotency-Key': unique('a') });
      await api.get(`${list}/${body.data.id}`);
      await writeStatusMails(watched, body.data.id);
      const mails = await publisher.mails(body.data.id);
      clock.nowMs = Date.now();
      await sendEmails(
        watched,
        mails.map(({ id }) => id),
      );
    }
    await listPages(api, list, undefined, 'pageSize');
    const [mail] = devEmails(worker.env);
    const token = subscriptionTokenIn(mail!);
    for (const path of ['subscribe', 'unsubscribe'])
      for (const method of ['GET', 'POST']) await send(method, `/${path}/${token}`);
    const { userId } = await publisher.stranger();
    const [granted] = await rows("select id from events where subject = ? and type = 'reseller.user.created'", userId);
    await fanOut(watched, [granted.id]);
    await publisher.publish();
    clock.nowMs += 40 * 24 * 60 * 60 * 1000;
    await runJobs(watched, '* * * * *');
  });
  const about = [...statements].filter((sql) => /status_update|emails|memberships|subscription_choices/.test(sql));
  expect(about.length).toBeGreaterThan(15);
  expect(await wasteOf(about)).toEqual({});
  const plans = await Promise.all(about.map(planOf));
  for (const index of [
    'published USING INDEX status_updates_by_reseller (reseller_id=?)',
    'published USING INDEX status_updates_by_reseller (reseller_id=? AND (created_at,id)<(?,?))',
    'membership USING INDEX memberships_subscribers (reseller_id=? AND user_id>?)',
    'status_update_progress USING COVERING INDEX status_updates_expanding (expanding_at<?)',
    'other USING INDEX emails_by_mailbox (mailbox_key=? AND attempted_at>?)',
    'other USING INDEX emails_unproved (mailbox_key=? AND reseller_id=? AND attempted_at>?)',
    'other USING INDEX emails_waiting (reseller_id=? AND mailbox_key=?)',
    'other USING INDEX emails_confirmations (recipient_key=? AND reseller_id=? AND created_at>?)',
    'said USING PRIMARY KEY (reseller_id=? AND address_hash=?)',
  ]) {
    expect(plans.flat().join('\n')).toContain(`SEARCH ${index}`);
  }
});

test('no statement about webhooks scans a table or sorts its result, in a request or in the background', async () => {
  const { worker, arrive } = stoppedWorld();
  const place = makePlace();
  const { api, endpoint, happen } = await makePending(place);
  const platform = await operator();
  const webhook = { name: 'w', url: place.url, token: 't', enabled: true, events: ['reseller.user.updated'] };
  const { body: theirs } = await platform.post('/v3/webhooks', webhook);
  const owned = [
    [api, endpoint.id],
    [platform, theirs.id],
  ] as const;
  const statements = await statementsOf(async (session) => {
    const watched = { ...worker, db: session };
    await fanOut(watched, [await happen(), await happen()]);
    await place.answer({ status: 410 });
    for (const [, endpointId] of owned) await arrive([{ endpointId }], watched);
    // One that nobody relayed, for the sweep.
    await happen();
    await runJobs(watched, '* * * * *');
    await api.get('/v3/webhooks/events');
    for (const [caller, id] of owned) {
      const hook = `/v3/webhooks/${id}`;
      await caller.patch(hook, { enabled: true, token: 'another' });
      await caller.post(`${hook}/rotate-token`);
      await caller.post(`${hook}/test`);
      const { body: recovery } = await caller.post(`${hook}/recover`, {
        since: new Date(Date.now() - 1e6).toISOString(),
      });
      await recover(watched, recovery.id);
      expect(await caller.get(`${hook}/recoveries/${recovery.id}`)).toMatchObject({ body: { found: 2 } });
      const [log] = await listLogs(caller);
      expect(await caller.post(`/v3/webhook-event-logs/${log?.id}/redeliver`)).toMatchObject({ status: 201 });
      await caller.patch(hook, { enabled: false });
      await caller.post(`${hook}/recover`, { since: new Date(Date.now() - 1e6).toISOString() });
    }
  });
  expect(statements.size).toBeGreaterThan(90);
  expect(await wasteOf(statements)).toEqual({});
});

test.each([
  ['webhookId', 'webhook_attempts_by_endpoint'],
  ['eventId', 'webhook_attempts_by_event'],
  ['deliveryId', 'webhook_attempts_by_delivery'],
])('the log is searched for a %s by the index that knows it', async (filter, index) => {
  const { api } = await makeReseller();
  const list = `/v3/webhook-event-logs?${filter}=${crypto.randomUUID()}`;
  const statements = await statementsOf(async () => {
    for (const sort of ['createdAt', '-createdAt']) await api.get(`${list}&sort=${sort}`);
  });
  const plans = await Promise.all([...statements].filter((sql) => sql.includes('as log')).map(planOf));
  expect(plans).toHaveLength(2);
  for (const plan of plans) expect(plan.join()).toContain(`SEARCH log USING INDEX ${index} `);
});

/** Lists attempts in both directions, page by page, and by each filter there is. */
async function listLogs(caller: Caller): Promise<{ id: string }[]> {
  const list = '/v3/webhook-event-logs';
  const entries = declared.find(({ route }) => route.id === 'listWebhookEventLogs')?.route.query?.entries ?? {};
  const filters = Object.keys(entries).filter((name) => !['page', 'limit', 'sort', 'after'].includes(name));
  for (const filter of filters) await caller.get(`${list}?sort=-createdAt&${filter}=2020-01-01`);
  for (const sort of ['createdAt', '-createdAt']) await listPages(caller, list, sort);
  return (await caller.get(list)).body;
}

test('no statement of what users and administrators change about sign-in scans a table or sorts its result', async () => {
  const [person, other] = [await makePerson(), await makePerson()];
  const statements = await statementsOf(async () => {
    const me = await person.signIn();
    await person.enter({ password: 'wrong' });
    const secret = await enroll(me);
    const { body } = await me.post(
      '/v3/me/2fa-recovery-codes',
      { twoFactorCode: codeOf(secret) },
      { 'Idempotency-Key': 'a' },
    );
    const keys = [await addPasskey(person.userId), await addPasskey(person.userId)];
    for (const list of ['', '/sessions', '/passkeys']) expect((await me.get(`/v3/me${list}`)).status).toBe(200);
    await me.delete(`/v3/me/passkeys/${keys[0]}`);
    await me.send('DELETE', '/v3/me/2fa', { twoFactorRecoveryCode: body.recoveryCodes[0] });
    await me.delete(`/v3/me/passkeys/${keys[1]}`);
    await rows('update users set google_sso_enabled = 1 where id = ?', person.userId);
    await rows(
      "insert into external_identities (issuer, subject, user_id, email, created_at) values ('i', 's', ?, 'e', 1)",
      person.userId,
    );
    expect((await me.delete('/v3/me/google')).status).toBe(204);
    await me.delete(`/v3/me/sessions/${crypto.randomUUID()}`);
    await me.post('/v3/me/password', { currentPassword: SIGN_IN_PASSWORD, newPassword: 'battery staple horse' });
    await addPasskey(other.userId);
    const at = `/v3/users/${other.userId}`;
    for (const caller of [other.api, await operator()]) {
      await caller.get(`${at}/sessions`);
      await caller.delete(`${at}/sessions`);
      await caller.delete(`${at}/sessions/${crypto.randomUUID()}`);
      await caller.delete(`${at}/2fa`);
      await caller.post(`${at}/reset-password-token`);
    }
    const again = await other.signIn();
    await again.delete('/v3/me/sessions');
    const { body: made } = await other.api.post(`${at}/reset-password-token`);
    await post(`${at}/reset-password`, { token: made.resetPasswordToken, newPassword: 'battery staple horse' });
    await post('/v3/accounts/reset-password-request', { email: other.email });
    await sendEmails(
      stoppedWorld().worker,
      (await person.mails()).map(({ id }) => id),
    );
  });
  expect(statements.size).toBeGreaterThan(40);
  expect(await wasteOf(statements)).toEqual({});
});
