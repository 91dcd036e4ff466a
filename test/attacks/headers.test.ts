import PostalMime from 'postal-mime';
import { beforeAll, expect, test } from 'vitest';
import { send } from '../support/api.ts';
import { makeMailbox } from '../support/outside/mailbox.ts';
import { makeInvited } from '../support/people/invited.ts';
import { makePublisher } from '../support/people/subscribers.ts';
import { muteQueues } from '../support/queues.ts';
import { askObject, makeStorage } from '../support/storage.ts';
import { makeReseller, newUser, rows, unique } from '../support/world.ts';

beforeAll(muteQueues);

/** Text that ends a header's line, or a header, or means one when it is decoded. */
const INJECTIONS = [
  'x\r\nX-Injected: 1',
  'x\nX-Injected: 1',
  'x\rX-Injected: 1',
  'x\r\n\r\n<b>body</b>',
  'x\u2028X-Injected: 1',
  'x\u0085X-Injected: 1',
  'x\u560d\u560aX-Injected: 1',
  '=?UTF-8?B?DQpYLUluamVjdGVkOiAx?=',
  '=?UTF-8?Q?x=0D=0AX-Injected=3A_1?=',
  '"x" <eve@evil.test>, <mallory@evil.test>',
  'x\u202e>tset.live@eve<',
  '%0d%0aX-Injected:%201',
  'x" ; X-Injected="1',
  'é\r\n\tX-Injected: 1',
];

test.each(INJECTIONS)('names that hold %j begin no header of a mail, and name no other reader', async (evil) => {
  const mailbox = await makeMailbox();
  const invited = await makeInvited({}, { smtp: mailbox.settings });
  // However it came there: whatever the API refuses by now, the mail takes no row at its word.
  await rows('update resellers set name = ?, email = ? where id = ?', evil, evil, invited.id);
  const branded =
    'insert into brandings (reseller_id, product_name, support_email, sender_name, updated_at) values (?1, ?2, ?3, ?2, 1)';
  await rows(branded, invited.id, evil, 'help@acme.test');
  await rows('update users set first_name = ?1, last_name = ?1 where id = ?2', evil, invited.userId);
  await invited.deliver(await invited.relay());
  await expectClean(mailbox, invited.email);
});

test.each(INJECTIONS)('a status update of the title %j is one mail to one reader', async (evil) => {
  const mailbox = await makeMailbox();
  const publisher = await makePublisher({ smtp: mailbox.settings });
  const { email } = await publisher.member();
  const id = await publisher.publish({ title: evil, body: `${evil}\r\n.\r\nMAIL FROM:<eve@evil.test>\r\n` });
  await publisher.deliver(await publisher.expand(id));
  await expectClean(mailbox, email);
});

/** One mail to this reader alone, with the headers that every mail has. */
async function expectClean(mailbox: Awaited<ReturnType<typeof makeMailbox>>, reader: string) {
  const { mails, lines } = await mailbox.seen();
  expect(mails).toHaveLength(1);
  const { raw, to } = mails[0]!;
  expect(to.map(({ address }) => address)).toEqual([reader]);
  expect(lines.filter(({ line }) => /^(MAIL|RCPT)/.test(line))).toHaveLength(2);
  const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
  expect(head).toMatch(/^[ -~\r\n]*$/);
  const read = await PostalMime.parse(raw);
  expect(read.to).toMatchObject([{ address: reader }]);
  expect(read.from?.address).toMatch(/@(?!evil\.test)/);
  expect([read.cc, read.bcc]).toEqual([undefined, undefined]);
  const known = /^(from|to|reply-to|subject|date|message-id|mime-version|content-|auto-submitted|list-unsubscribe)/;
  expect(read.headers.map(({ key }) => key).filter((key) => !known.test(key))).toEqual([]);
}

const ADDRESSES = [
  'a@b.co\r\nBcc: c@d.co',
  'a@b.co\nBcc: c@d.co',
  'a@b.co\rBcc: c@d.co',
  'a@b.co\0',
  'a@b.co>',
  'a@b.co> NOTIFY=NEVER',
  '<a@b.co>',
  'a@b.co,c@d.co',
  'a@b.co;c@d.co',
  'a@b.co c@d.co',
  'Eve <a@b.co>',
  '"a\r\nb"@b.co',
  '=?UTF-8?Q?a=40b.co=3E=00?=@example.com',
  'a=?UTF-8?B?QGIuY28?=@example.com',
  'a@b.co\u0085',
  'a@b.co\u2028Bcc:c@d.co',
  'a@[127.0.0.1]',
  'a@b.co?bcc=c@d.co',
];
test.each(ADDRESSES)('%j is nobody that is written to', async (email) => {
  const { id, base, api } = await makeReseller();
  const { body: customer } = await api.post('/reseller/customers', { name: unique('Customer') });
  const replies = [
    await api.post(`${base}/users`, { ...newUser(), email }),
    await api.post(`/v1.0/accounts/${id}/users`, { email, displayName: 'x' }),
    await api.post(`/reseller/customers/${customer.customer_id}/users`, {
      username: email,
      role: 'user',
      first_name: 'x',
    }),
    await api.patch(base, { email }),
    await api.send('PUT', `/v1.0/accounts/${id}/branding`, { supportEmail: email }),
    await send('POST', '/v3/accounts/reset-password-request', {
      headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': unique('address') },
      body: JSON.stringify({ email }),
    }),
  ];
  for (const { status } of replies) expect(status).toBeOneOf([400, 403, 422]);
  expect(await rows('select 1 from users where reseller_id = ?', id)).toEqual([]);
});

const NO_HEADER = /[\r\n\0\u2028\u0085]/;
function expectSane(headers: Headers) {
  expect(headers.has('X-Injected')).toBe(false);
  for (const [, value] of headers) expect(value).not.toMatch(NO_HEADER);
}

const ENCODED = [
  '%0d%0aX-Injected:%201',
  '%0aX-Injected:1',
  '%E5%98%8D%E5%98%8AX-Injected:1',
  '%00',
  '%22;X-Injected',
  '%E2%80%A8X-Injected:1',
];
test.each(ENCODED)('an address that holds %s writes no header of the answer', async (evil) => {
  const { id, base, api } = await makeReseller();
  const asked = [
    await api.get(`/v3/resellers/${evil}`),
    await api.get(`/v3/webhooks/${evil}`),
    await api.get(`${base}/users?name=${evil}&limit=1`),
    await api.get(`${base}/users?sort=${evil}`),
    await api.get(`/v1.0/accounts/${id}/users?pageSize=1&after=${evil}`),
    await api.post(`/v1.0/accounts/${id}/users/${evil}`, {}),
    await api.post(`/v1.0/accounts/${id}/users//`, { email: newUser().email, displayName: evil }),
    await send('GET', `/sign-in?next=/${evil}`, { redirect: 'manual' }),
    await send('GET', `/oauth/authorize?client_id=${evil}&redirect_uri=https://a.example/${evil}&state=${evil}`, {
      redirect: 'manual',
    }),
    await send('GET', `/unsubscribe/${evil}`),
    await send('GET', `/${evil}`),
    await send('GET', `/pages/${evil}`),
    await send('GET', `/v3/accounts/login-google?accountId=${evil}`, { redirect: 'manual' }),
  ];
  for (const { status, headers } of asked) {
    expect(status).toBeLessThan(500);
    expectSane(headers);
  }
});

test.each(['a b', 'x'.repeat(1000), 'a,b', 'é', '<b>', '"', 'a;b', '%0d%0aX-Injected:1', 'a\tb'])(
  'the request id %j comes back only where it is one',
  async (given) => {
    const { headers } = await send('GET', '/v3/events', { headers: { 'X-Request-Id': given } });
    expect(headers.get('X-Request-Id')).not.toBe(given);
    expect(headers.get('X-Request-Id')).toMatch(/^[\w.:-]+$/);
    expectSane(headers);
  },
);

test('an object has the type and the name it was given, and no header beside', async () => {
  const { api, objects } = await makeStorage({ quotaBytes: 10_000 });
  for (const key of [...ENCODED.filter((name) => name !== '%00'), 'a%22b', '%C3%A9.txt', 'a%5Cb']) {
    expect((await askObject(api, 'PUT', `${objects}/${key}`, { body: 'x' })).status).toBe(201);
    const { status, headers } = await askObject(api, 'GET', `${objects}/${key}`);
    expect(status).toBe(200);
    expectSane(headers);
  }
  for (const type of [
    'text/html',
    'text/plain; charset="x',
    'image/svg+xml',
    'text/plain, X-Injected: 1',
    '*/*',
    'x',
  ]) {
    const put = await askObject(api, 'PUT', `${objects}/typed`, { body: 'x', headers: { 'Content-Type': type } });
    expect(put.status).toBeLessThan(500);
    const { headers } = await askObject(api, 'GET', `${objects}/typed`);
    expectSane(headers);
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  }
});
