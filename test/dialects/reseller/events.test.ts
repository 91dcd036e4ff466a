import { expect, test } from 'vitest';
import { makeRealm, newCustomer, newMember, PASSWORD } from '../../support/people/customers.ts';
import { stateBefore } from '../../support/people/states.ts';
import { rows } from '../../support/world.ts';

type Row = { type: string; actor: string; request_id: string; before: string | null; after: string | null };

/** The events of one subject in order, their snapshots read. */
async function eventsOf(subject: string) {
  const found = await rows<Row>('select * from events where subject = ? order by seq', subject);
  return found.map(({ type, actor, request_id, before, after }) => ({
    type,
    actor,
    requestId: request_id,
    before: stateBefore({ before, after }),
    after: after && JSON.parse(after),
  }));
}

const traced = (id: string) => ({ 'X-Request-Id': id });

test("a customer's events say who did what in which request, with the whole customer before and after", async () => {
  const { api } = await makeRealm();
  const sent = newCustomer();
  const { body } = await api.post('/reseller/customers', sent, traced('one'));
  const path = `/reseller/customers/${body.customer_id}`;
  await api.send('PUT', path, { organizational_info: { sector: 'Rail', number_of_employees: 3 } }, traced('two'));
  await api.send('DELETE', path, undefined, traced('three'));
  const actor = `client:${api.client.id}`;
  const made = { id: body.customer_id, name: sent.name, sector: '', numberOfEmployees: null };
  const changed = { ...made, sector: 'Rail', numberOfEmployees: 3 };
  expect(await eventsOf(body.customer_id)).toMatchObject([
    { type: 'reseller.organization.created', actor, requestId: 'one', before: null, after: made },
    { type: 'reseller.organization.updated', actor, requestId: 'two', before: made, after: changed },
    { type: 'reseller.organization.deleted', actor, requestId: 'three', before: changed, after: null },
  ]);
});

test("a user's events say who did what in which request, without its password", async () => {
  const { api, makeCustomer } = await makeRealm();
  const { id, users } = await makeCustomer();
  const sent = {
    ...newMember(),
    password: PASSWORD,
    job_title: 'Engineer',
    phone: '+49 1',
    communication_language: 'de',
  };
  const { body } = await api.post(users, sent, traced('one'));
  await api.send('PUT', `${users}/${body.user_id}`, { job_title: 'Lead' }, traced('two'));
  await api.send('DELETE', `${users}/${body.user_id}`, undefined, traced('three'));
  const actor = `client:${api.client.id}`;
  const made = { email: sent.username, jobTitle: 'Engineer', phone: '+49 1', language: 'de', organization: { id } };
  const changed = { ...made, jobTitle: 'Lead' };
  const events = await eventsOf(body.user_id);
  expect(events).toMatchObject([
    { type: 'reseller.user.created', actor, requestId: 'one', before: null, after: made },
    { type: 'reseller.user.updated', actor, requestId: 'two', before: made, after: changed },
    { type: 'reseller.user.deleted', actor, requestId: 'three', before: changed, after: null },
  ]);
  expect(JSON.stringify(events)).not.toMatch(/password|argon2|Correct-horse/i);
});

test('the users of a deleted customer go with an event each, in the name of who deleted it', async () => {
  const { api, makeCustomer } = await makeRealm();
  const customer = await makeCustomer();
  const users = [await customer.makeUser(), await customer.makeUser({ password: PASSWORD })];
  await api.send('DELETE', customer.path, undefined, traced('gone'));
  for (const { id } of users) {
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      type: 'reseller.user.deleted',
      actor: `client:${api.client.id}`,
      requestId: 'gone',
      before: { organization: { id: customer.id } },
    });
  }
});

test('what is refused raises nothing', async () => {
  const { id, api, makeCustomer } = await makeRealm();
  const customer = await makeCustomer();
  const user = await customer.makeUser();
  const before = await rows('select 1 from events where reseller_id = ?', id);
  await api.post('/reseller/customers', { name: '' });
  await api.put(customer.path, { name: 7 });
  await api.post(customer.users, { username: 'x' });
  await api.post(customer.users, { ...newMember(), username: (await user.shown()).username });
  await api.put(`${customer.users}/${crypto.randomUUID()}`, { first_name: 'x' });
  expect(await rows('select 1 from events where reseller_id = ?', id)).toHaveLength(before.length);
});

test('a repeated POST gets the first answer again, byte for byte, and does nothing', async () => {
  const { id, api, makeCustomer } = await makeRealm();
  const { users } = await makeCustomer();
  const key = { 'Idempotency-Key': 'once' };
  const member = { ...newMember(), password: PASSWORD };
  const first = await api.post(users, member, key);
  const again = await api.post(users, member, { 'Idempotency-Key': '"once"' });
  expect([again.status, again.text, again.headers.get('Idempotency-Replayed')]).toEqual([201, first.text, 'true']);
  const other = await api.post(users, newMember(), key);
  expect([other.status, other.body]).toEqual([422, { detail: 'This Idempotency-Key was used with another request.' }]);
  const bad = await api.post(users, newMember(), { 'Idempotency-Key': '""' });
  expect([bad.status, bad.body.detail[0].loc]).toEqual([422, ['header', 'Idempotency-Key']]);
  expect(await rows('select 1 from users where reseller_id = ?', id)).toHaveLength(1);
  const replies = await Promise.all(
    Array.from({ length: 10 }, () => api.post('/reseller/customers', { name: 'Race' }, { 'Idempotency-Key': 'race' })),
  );
  expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(replies[0]!.status).toBe(201);
});
