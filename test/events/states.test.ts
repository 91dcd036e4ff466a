import fc from 'fast-check';
import type * as v from 'valibot';
import { beforeAll, expect, test } from 'vitest';
import { statesFromColumns, statesToColumns } from '../../src/db/commit/event-states.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { REDIRECT_URI_MAX_CHARS, REDIRECT_URIS_MAX, TEXT_MAX_CHARS } from '../../src/model/limits/index.ts';
import { Organization } from '../../src/model/resellers/organization.ts';
import { Reseller } from '../../src/model/resellers/reseller.ts';
import { User } from '../../src/model/users/user.ts';
import { Webhook } from '../../src/model/webhooks/webhook.ts';
import type { Caller, Json } from '../support/api.ts';
import { validFor } from '../support/generators/arbitrary.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { makeReseller, newOrganization, newUser, operator, rows } from '../support/world.ts';

beforeAll(muteQueues);

/** The values of a few changed fields, without the texts that stay. */
const FEW_BYTES = 200;
/** Characters that JSON writes with the most bytes. */
const longest = '\u0001'.repeat(TEXT_MAX_CHARS);
const address = {
  ...{ addressLine1: longest, addressLine2: longest, city: longest },
  ...{ state: longest, country: longest, postalCode: longest },
};
const fullOrganization = () => ({ ...newOrganization(), description: longest, address });

/** The entries about one subject as the API shows them, in the order of commit. */
const entriesOf = async (api: Caller, subject: string): Promise<Json[]> =>
  (await api.get(`/v3/audit-log?subject=${subject}`)).body;

/** The bytes that the last event about a subject keeps. */
async function bytesOf(subject: string) {
  const bytes = (column: string) => `ifnull(length(cast(${column} as blob)), 0) as ${column}`;
  const [row] = await rows(
    `select id, ${bytes('before')}, ${bytes('after')}, ${bytes('body')} from events where subject = ? order by seq desc limit 1`,
    subject,
  );
  return row;
}

test("a change of a user keeps the old values of what changed, and nothing of the user's organization", async () => {
  const { base, api } = await makeReseller();
  const organization = (await api.post(`${base}/organizations`, fullOrganization())).body;
  const user = (await api.post(`${base}/users`, { ...newUser(), organizationId: organization.id })).body;
  await api.patch(`${base}/users/${user.id}`, { firstName: 'Ada' });
  const kept = await bytesOf(user.id);
  expect(kept.before).toBeLessThan(FEW_BYTES);
  expect(kept.after).toBeGreaterThan(TEXT_MAX_CHARS * Object.keys(address).length);
  const [created, updated] = await entriesOf(api, user.id);
  expect(updated.before).toEqual(created.after);
  expect(updated.after).toEqual({ ...updated.before, firstName: 'Ada', updatedAt: updated.after.updatedAt });
});

test('a change of an organization with 100 webhooks keeps one body, and nothing of it for each webhook', async () => {
  const { base, api } = await makeReseller();
  const hook = { name: 'h', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
  for (let made = 0; made < 100; made++) await api.post('/v3/webhooks', hook);
  const organization = (await api.post(`${base}/organizations`, fullOrganization())).body;
  await api.patch(`${base}/organizations/${organization.id}`, { email: 'new@example.com' });
  const { id } = await bytesOf(organization.id);
  await fanOut(stoppedWorld().worker, [id]);
  const kept = await bytesOf(organization.id);
  expect(kept.before).toBeLessThan(FEW_BYTES);
  expect(kept.body).toBeGreaterThan(0);
  expect(kept.body).toBeLessThan(kept.after + FEW_BYTES);
  const deliveries = await rows('select body from webhook_deliveries where event_id = ?', id);
  expect(deliveries).toEqual(Array.from({ length: 100 }, () => ({ body: null })));
  const [created, updated] = await entriesOf(api, organization.id);
  expect(updated.before).toEqual(created.after);
  expect(updated.after).toMatchObject({ description: longest, email: 'new@example.com' });
});

test('a change that only the audit log tells of keeps the old values of what changed, too', async () => {
  const { id, api } = await makeReseller();
  const redirectUris = Array.from({ length: REDIRECT_URIS_MAX }, (_, index) =>
    `https://app.example.com/${index}/`.padEnd(REDIRECT_URI_MAX_CHARS, 'x'),
  );
  const clients = `/v1.0/accounts/${id}/clients`;
  const client = (await api.post(clients, { name: 'Planner', scopes: ['webhook:read'], redirectUris })).body.data;
  await api.patch(`${clients}/${client.id}`, [{ op: 'replace', path: '/name', value: 'Calendar' }]);
  expect((await bytesOf(client.id)).before).toBeLessThan(FEW_BYTES);
  const [, updated] = await entriesOf(api, client.id);
  expect(updated.before).toMatchObject({ name: 'Planner', redirectUris });
  expect(updated.after).toEqual({ ...updated.before, name: 'Calendar' });
});

test('each state in the audit log is the whole state that the entry before it left', async () => {
  const { id, base, api } = await makeReseller();
  await (await operator()).patch(base, { description: 'Changed', countryCode: 'DE' });
  const from = (await api.post(`${base}/organizations`, newOrganization())).body;
  const to = (await api.post(`${base}/organizations`, newOrganization())).body;
  const users = `${base}/users`;
  const user = (await api.post(users, { ...newUser(), organizationId: from.id })).body;
  await api.patch(`${users}/${user.id}`, { lastName: 'Other', email: `moved-${user.email}` });
  await api.patch(`${users}/${user.id}`, { organizationId: to.id });
  await api.patch(`${users}/${user.id}`, { organizationId: '' });
  await api.delete(`${users}/${user.id}`);
  const hook = { name: 'h', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
  const webhook = (await api.post('/v3/webhooks', hook)).body;
  await api.patch(`/v3/webhooks/${webhook.id}`, { events: ['reseller.user.created'], enabled: false });
  await api.delete(`/v3/webhooks/${webhook.id}`);
  for (const [subject, count] of [
    [id, 2],
    [user.id, 5],
    [webhook.id, 3],
  ]) {
    const entries = await entriesOf(api, subject);
    expect(entries).toHaveLength(count);
    expect(entries.map(({ before }) => before)).toEqual([null, ...entries.slice(0, -1).map(({ after }) => after)]);
  }
});

/** Two states of one thing, of which some fields are alike. */
function changesOf(schema: v.ObjectSchema<v.ObjectEntries, undefined>) {
  const state = validFor(schema) as fc.Arbitrary<Record<string, unknown>>;
  const alike = fc.subarray(Object.keys(schema.entries));
  return fc.tuple(state, state, alike).map(([before, other, names]) => {
    const kept = names.flatMap((name) => (name in before ? [[name, before[name]]] : []));
    const given = Object.entries(other).filter(([name]) => !names.includes(name));
    return { before, after: Object.fromEntries([...given, ...kept]) };
  });
}

test.each([
  ['reseller', Reseller],
  ['organization', Organization],
  ['user', User],
  ['webhook', Webhook],
])('a row gives back both states of a %s, whatever was changed', (_, schema) => {
  const property = fc.property(changesOf(schema), (states) => {
    expect(statesFromColumns(statesToColumns(states))).toEqual(states);
  });
  fc.assert(property, { numRuns: 500 });
});
