import PostalMime from 'postal-mime';
import { expect, test, vi } from 'vitest';
import { bindingTransport } from '../../src/emails/transports/binding.ts';
import { smtpTransport } from '../../src/emails/transports/smtp.ts';
import { makeMail, makeMailbox } from '../support/outside/mailbox.ts';

const unsubscribe = `https://edge.localhost/unsubscribe/k1.${'aZ0_-9'.repeat(24)}`;

/** The mail's headers at the other end of SMTP: the raw lines, and the values by name. */
async function bySmtp(mail: ReturnType<typeof makeMail>) {
  const mailbox = await makeMailbox();
  expect(await smtpTransport(mailbox.settings)(mail)).toMatchObject({ kind: 'sent' });
  const { raw } = (await mailbox.seen()).mails[0]!;
  const { headers } = await PostalMime.parse(raw);
  return {
    head: raw.slice(0, raw.indexOf('\r\n\r\n')),
    keys: headers.map(({ key }) => key),
    header: (name: string) => headers.filter(({ key }) => key === name).map(({ value }) => value),
  };
}

/** The headers that Cloudflare's service is handed. */
async function byBinding(mail: ReturnType<typeof makeMail>) {
  const send = vi.fn(async (_: EmailMessageBuilder) => ({ messageId: 'm' }));
  await bindingTransport({ send } as unknown as SendEmail)(mail);
  return send.mock.calls[0]?.[0].headers;
}

test('a mail that can be unsubscribed from says how, by either way', async () => {
  const { head, header } = await bySmtp(makeMail({ unsubscribe }));
  expect(header('list-unsubscribe')).toEqual([`<${unsubscribe}>`]);
  expect(header('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
  // RFC 8058 §3.1, to the letter: on one line, as it is what mail programs look for.
  expect(head).toContain(`\r\nList-Unsubscribe: <${unsubscribe}>\r\n`);
  expect(await byBinding(makeMail({ unsubscribe }))).toEqual({
    'Auto-Submitted': 'auto-generated',
    'List-Unsubscribe': `<${unsubscribe}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  });
});

test('any other mail does not', async () => {
  expect((await bySmtp(makeMail())).keys.filter((key) => key.startsWith('list-'))).toEqual([]);
  expect(await byBinding(makeMail())).toEqual({ 'Auto-Submitted': 'auto-generated' });
});

test.each([
  'https://edge.localhost/a\r\nBcc: eve@evil.test',
  'https://edge.localhost/a>\r\n\r\n<b>',
  'https://edge.localhost/a\u2028\0?b=<c>#\u00e9 "d"',
])('whatever its address holds, it adds no header: %j', async (address) => {
  const plain = await bySmtp(makeMail({ unsubscribe }));
  const { head, keys, header } = await bySmtp(makeMail({ unsubscribe: address }));
  expect(keys).toEqual(plain.keys);
  expect(head).toMatch(/^[ -~\r\n]*$/);
  expect(header('list-unsubscribe')[0]).toMatch(/^<https:\/\/edge\.localhost\/[^<>\s]*>$/);
  const handed = await byBinding(makeMail({ unsubscribe: address }));
  expect(handed?.['List-Unsubscribe']).toMatch(/^<https:\/\/edge\.localhost\/[^<>\s]*>$/);
});

test('what is no address at all is not sent', async () => {
  expect(
    await bindingTransport({ send: vi.fn() } as unknown as SendEmail)(makeMail({ unsubscribe: 'x\r\ny' })),
  ).toMatchObject({ kind: 'transient' });
});
