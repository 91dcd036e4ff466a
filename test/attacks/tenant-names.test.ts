import { beforeAll, expect, test } from 'vitest';
import { makeInvited } from '../support/people/invited.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, newReseller, operator, rows } from '../support/world.ts';

beforeAll(muteQueues);

/** Names that mail programs make links of, or that turn the text around them. */
const HOSTILE = [
  'PayPal Security https://paypal.example/login',
  'paypal.com',
  'PayPal: see рaypal.com',
  'paypal．com',
  'paypal。com',
  'pay\u200bpal.\u200bcom',
  'security@paypal',
  'security＠paypal',
  'Call 192.0.2.7',
  '\\\\files\\share',
  'Acme\r\nBcc: eve',
  'Acme \u202emoc',
  'Acme\u2066X',
  'Acme\u2028X',
  'Locked? Call 0800 1234567',
  'Acme +1 (555) 010-9999',
  'Acme ５５５-０１０\u200b９９９',
  'Acme ٠٨٠٠١٢٣٤٥٦',
];
const HARMLESS = [
  'Acme Cloud',
  'Ørsted A/S',
  'Müller & Söhne GmbH',
  'J. R. Ltd.',
  'Office 365',
  'App 2.0',
  'Windows 2000/03',
  '株式会社北風',
];

test.each(HOSTILE)('no tenant shows itself as %j, by any way to choose a name', async (name) => {
  const { id, base } = await makeReseller();
  const platform = await operator();
  const account = `/v1.0/accounts/${id}`;
  const before = await rows('select name from resellers');
  for (const [field, reply] of [
    ['productName', await platform.put(`${account}/branding`, { productName: name })],
    ['senderName', await platform.put(`${account}/branding`, { senderName: name })],
    ['name', await platform.post('/v3/resellers', { ...newReseller(), name })],
    ['name', await platform.patch(base, { name })],
    ['name', await platform.post('/v1.0/accounts', { name })],
    ['name', await platform.send('PATCH', account, [{ op: 'replace', path: '/name', value: name }])],
  ] as const) {
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(field)]);
  }
  expect(await rows('select name from resellers')).toEqual(before);
  expect(await rows('select * from brandings where reseller_id = ?', id)).toEqual([]);
});

test.each(HARMLESS)('a tenant may be called %s', async (name) => {
  const { id, api } = await makeReseller();
  const set = await api.put(`/v1.0/accounts/${id}/branding`, { productName: name, senderName: name });
  expect([set.status, set.body.data.productName]).toEqual([200, name]);
});

test('a name that stood before the rule is shown without what makes it a link', async () => {
  const { id, relay, deliver, inbox } = await makeInvited();
  await rows('update resellers set name = ? where id = ?', 'see evil.example', id);
  await rows(
    `insert into brandings (reseller_id, product_name, sender_name, updated_at)
     values (?, 'PayPal 0800 1234567 https://evil.example/x', 'help@evil.example', 1)`,
    id,
  );
  await deliver(await relay());
  const [mail] = inbox();
  expect(mail!.from.name).toBe('help evil example via edge.localhost');
  expect(mail!.text).toContain('PayPal https: evil example x');
  expect(mail!.text).toContain('see evil example');
  expect(mail!.subject + mail!.text + mail!.html).not.toContain('evil.example');
  expect(mail!.subject).not.toMatch(/0800|4567/);
});
