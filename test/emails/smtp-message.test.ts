import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { smtpTransport } from '../../src/emails/transports/smtp.ts';
import type { OutgoingEmail } from '../../src/model/emails/email.ts';
import { makeMail, makeMailbox } from '../support/outside/mailbox.ts';

const LONG = 'アカウントの有効化のお知らせ：パスワードを設定してください 🎉👩‍👩‍👧‍👦 '.repeat(4).trim();

/** Sends the mail by SMTP; gives what came out at the other end, raw and read. */
async function arrived(mail: OutgoingEmail) {
  const mailbox = await makeMailbox();
  expect(await smtpTransport(mailbox.settings)(mail)).toMatchObject({ kind: 'sent' });
  const { raw } = (await mailbox.seen()).mails[0]!;
  const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
  const read = await PostalMime.parse(raw);
  const header = (name: string) => read.headers.filter(({ key }) => key === name).map(({ value }) => value);
  return { raw, head, read, header };
}

/** postal-mime counts the line break before a boundary as part of the body (RFC 2046 §5.1.1: it isn't). */
const bodyOf = (read: string | undefined) => read?.replace(/\n$/, '');

test('the headers say who writes to whom about what, that a machine did, and when', async () => {
  const before = Date.now() - 1000;
  const mail = makeMail({ replyTo: 'help@acme.test' });
  const { read, header } = await arrived(mail);
  expect(read.from).toMatchObject({ name: 'Acme', address: 'no-reply@acme.test' });
  expect(read.to).toMatchObject([{ address: 'ada@example.test' }]);
  expect(read.replyTo).toMatchObject([{ address: 'help@acme.test' }]);
  expect(read.subject).toBe('Welcome');
  expect(header('message-id')).toEqual([`<${mail.id}@acme.test>`]);
  expect(header('auto-submitted')).toEqual(['auto-generated']);
  expect(header('mime-version')).toEqual(['1.0']);
  expect(header('date')[0]).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
  expect(Date.parse(header('date')[0]!)).toBeGreaterThanOrEqual(before);
});

test('without an address for replies there is no such header', async () => {
  const { header } = await arrived(makeMail());
  expect(header('reply-to')).toEqual([]);
});

test.each([
  ['long Japanese and emoji', LONG],
  ['a long plain subject', 'Your webhook has been suspended because nothing answered '.repeat(6).trim()],
  ['one long word', 'x'.repeat(300)],
  ['what looks encoded', '=?UTF-8?Q?fake?='],
  ['quotes and brackets', 'Müller "Ltd" <evil@test>, \\o/'],
  ['plain quotes', 'A "B" \\ C'],
])('a subject and a name arrive as they were: %s', async (_, text) => {
  const { head, read } = await arrived(makeMail({ subject: text, from: { name: text, email: 'no-reply@acme.test' } }));
  expect(read.subject).toBe(text);
  expect(read.from).toMatchObject({ name: text, address: 'no-reply@acme.test' });
  expect(head).toMatch(/^[ -~\r\n]*$/);
  for (const [word] of head.matchAll(/=\?.*?\?=(?=\s)/g)) expect(word.length).toBeLessThanOrEqual(75);
  for (const line of head.split('\r\n')) {
    if (!line.startsWith('Content-Type')) expect(line.length).toBeLessThanOrEqual(78);
    if (line.includes('=?')) expect(line.length).toBeLessThanOrEqual(76);
  }
});

test('each encoded word holds whole characters', async () => {
  const { head } = await arrived(makeMail({ subject: LONG }));
  const words = [...head.matchAll(/=\?UTF-8\?B\?(.*?)\?=/g)].map(([, word]) => Buffer.from(word!, 'base64'));
  expect(words.length).toBeGreaterThan(3);
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  expect(words.map((word) => strict.decode(word)).join('')).toBe(LONG);
});

test('whatever a name or a subject holds, it adds no header and no line', async () => {
  const evil = 'Hi\r\nBcc: eve@evil.test\r\n\r\n<b>\0\u2028\u0085\ud800';
  const plain = await arrived(makeMail());
  const { head, read, header } = await arrived(
    makeMail({ subject: evil, from: { name: evil, email: 'no-reply@acme.test' } }),
  );
  expect(header('bcc')).toEqual([]);
  expect(read.headers.map(({ key }) => key)).toEqual(plain.read.headers.map(({ key }) => key));
  expect(read.subject).toBe('Hi Bcc: eve@evil.test <b> \ufffd');
  expect(head).toMatch(/^[ -~\r\n]*$/);
});

test('a sender without a name is an address alone', async () => {
  const { read } = await arrived(makeMail({ from: { name: '', email: 'no-reply@acme.test' } }));
  expect(read.from).toMatchObject({ name: '', address: 'no-reply@acme.test' });
});

test('both bodies arrive to the byte', async () => {
  const text = [
    '.',
    '..two',
    '.hidden',
    'From here',
    'trailing spaces   ',
    'trailing tab\t',
    'a=3D=b',
    '',
    '',
    'x'.repeat(5000),
    'ö'.repeat(700),
    `${'word '.repeat(300)}🎉`,
    'lone \r return',
    '👩‍👩‍👧‍👦 日本語 \u00a0',
    '--mixed_0',
    '.',
    '',
  ].join('\n');
  const html = `<p>${text.replaceAll('\n', '<br>\n')}</p>\n`;
  const { raw, read } = await arrived(makeMail({ text, html }));
  expect(bodyOf(read.text)).toBe(text);
  expect(bodyOf(read.html)).toBe(html);
  for (const line of raw.split('\r\n')) expect(line).toMatch(/^[\t -~]{0,78}$|^Content-Type: /);
});

test('line breaks of either kind arrive as line breaks', async () => {
  const { read } = await arrived(makeMail({ text: 'one\r\ntwo\nthree\r\n', html: '<p>\r\n\r\n</p>\n' }));
  expect(bodyOf(read.text)).toBe('one\ntwo\nthree\n');
  expect(bodyOf(read.html)).toBe('<p>\n\n</p>\n');
});

test('the two bodies are alternatives', async () => {
  const { raw } = await arrived(makeMail());
  expect([...raw.matchAll(/^Content-Type: ([\w/]+)/gm)].map(([, type]) => type)).toEqual([
    'multipart/mixed',
    'multipart/alternative',
    'text/plain',
    'text/html',
  ]);
});
