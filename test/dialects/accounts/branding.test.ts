import { beforeAll, expect, test } from 'vitest';
import { send } from '../../support/api.ts';
import { makeInvited, tokenIn } from '../../support/people/invited.ts';
import { muteQueues } from '../../support/queues.ts';
import { callerFor, makeReseller, rows } from '../../support/world.ts';

beforeAll(muteQueues);

const nothing = { productName: null, logoUrl: null, primaryColor: null, supportEmail: null, senderName: null };
const acme = {
  productName: 'Acme Cloud',
  logoUrl: 'https://acme.example/logo.png',
  primaryColor: '#aa3300',
  supportEmail: 'help@acme.example',
  senderName: 'Acme Team',
};

test('a branding is set as a whole, and shown', async () => {
  const { id, api } = await makeReseller();
  const address = `/v1.0/accounts/${id}/branding`;
  expect((await api.get(address)).body.data).toEqual(nothing);
  const set = await api.put(address, { ...acme, primaryColor: '#AA3300', more: 1 });
  expect([set.status, set.body.data]).toEqual([200, acme]);
  expect((await api.get(address)).body.data).toEqual(acme);
  await api.put(address, { productName: 'Acme' });
  expect((await api.get(address)).body.data).toEqual({ ...nothing, productName: 'Acme' });
});

test.each([
  { productName: '' },
  { productName: 'p'.repeat(101) },
  { logoUrl: 'http://acme.example/logo.png' },
  { logoUrl: 'https://user:pass@acme.example/logo.png' },
  { logoUrl: 'javascript:alert(1)' },
  { logoUrl: `https://acme.example/${'x'.repeat(2048)}` },
  { primaryColor: 'red' },
  { primaryColor: '#abc' },
  { supportEmail: 'nobody' },
  { senderName: 's'.repeat(101) },
])('a branding with %j is refused and nothing of it stored', async (wrong) => {
  const { id, api } = await makeReseller();
  const reply = await api.put(`/v1.0/accounts/${id}/branding`, { ...acme, ...wrong });
  expect([reply.status, reply.body.message]).toEqual([400, expect.stringContaining(`'${Object.keys(wrong)[0]}'`)]);
  expect(await rows('select * from brandings where reseller_id = ?', id)).toEqual([]);
});

test('a branding needs the right, in its own reseller', async () => {
  const [mine, other] = [await makeReseller(), await makeReseller()];
  const clerk = await callerFor(mine.id, ['reseller:read', 'client:write']);
  expect((await clerk.put(`/v1.0/accounts/${mine.id}/branding`, acme)).status).toBe(403);
  expect((await mine.api.put(`/v1.0/accounts/${other.id}/branding`, acme)).status).toBe(404);
  expect((await mine.api.get(`/v1.0/accounts/${other.id}/branding`)).status).toBe(404);
});

test('the next mail and the next look at a page show what was set a moment ago, but to a stranger no address to answer to', async () => {
  const { id, api, userId, relay, deliver, inbox, mails, clock } = await makeInvited();
  const address = `/v1.0/accounts/${id}/branding`;
  await api.put(address, acme);
  await deliver(await relay());
  const [mail] = inbox();
  expect(mail).toMatchObject({ from: { name: `${acme.senderName} via edge.localhost` }, replyTo: null });
  expect(mail!.text + mail!.html).not.toContain(acme.supportEmail);
  for (const part of [acme.productName, acme.logoUrl, acme.primaryColor]) expect(mail?.html).toContain(part);
  const look = async () => {
    const body = JSON.stringify({ token: tokenIn(mail!) });
    return (await send('POST', '/activate/link', { body, headers: { 'Content-Type': 'application/json' } })).body;
  };
  const { productName, primaryColor, supportEmail } = acme;
  expect((await look()).branding).toEqual({ productName, primaryColor, supportEmail });
  await rows('update users set email_verified_at = 1 where id = ?', userId);
  await api.post(`/v1.0/accounts/${id}/users/${userId}/sendActivationEmail`);
  clock.nowMs = Date.now();
  await deliver([{ emailId: (await mails()).at(-1).id }]);
  expect(inbox().at(-1)?.replyTo).toBe(acme.supportEmail);
  await api.put(address, { ...acme, productName: 'Acme Two' });
  expect((await look()).branding.productName).toBe('Acme Two');
});
