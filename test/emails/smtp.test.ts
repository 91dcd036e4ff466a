import { expect, test, vi } from 'vitest';
import { smtpTransport } from '../../src/emails/transports/smtp.ts';
import { makeMail, makeMailbox } from '../support/outside/mailbox.ts';

const verbs = (lines: { line: string }[]) => lines.map(({ line }) => line.split(' ')[0]);

test('a mail goes over STARTTLS, and nothing but the wish for it before', async () => {
  const mailbox = await makeMailbox();
  const mail = makeMail();
  expect(await smtpTransport(mailbox.settings)(mail)).toEqual({ kind: 'sent', providerId: `<${mail.id}@acme.test>` });
  const { lines, mails } = await mailbox.seen();
  expect(lines.filter(({ secure }) => !secure).map(({ line }) => line)).toEqual(['EHLO [127.0.0.1]', 'STARTTLS']);
  expect(verbs(lines)).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'QUIT']);
  expect(mails).toMatchObject([
    {
      secure: true,
      signedInBy: 'PLAIN',
      from: { address: 'no-reply@acme.test' },
      to: [{ address: 'ada@example.test' }],
    },
  ]);
});

test.each(['PLAIN', 'LOGIN'] as const)('one signs in by %s, with a password of any letters', async (method) => {
  const mailbox = await makeMailbox({ methods: [method] });
  expect(await smtpTransport(mailbox.settings)(makeMail())).toMatchObject({ kind: 'sent' });
  expect((await mailbox.seen()).mails).toMatchObject([{ signedInBy: method }]);
});

test('a server with TLS from the start is never spoken to in clear', async () => {
  const mailbox = await makeMailbox({ tls: 'implicit' });
  expect(await smtpTransport(mailbox.settings)(makeMail())).toMatchObject({ kind: 'sent' });
  const { lines, mails } = await mailbox.seen();
  expect(lines.every(({ secure }) => secure)).toBe(true);
  expect(verbs(lines)).not.toContain('STARTTLS');
  expect(mails).toMatchObject([{ secure: true, signedInBy: 'PLAIN' }]);
});

test('a server on the own machine gets mail in clear if the settings say so', async () => {
  const mailbox = await makeMailbox({ tls: 'none', methods: [] });
  expect(await smtpTransport(mailbox.settings)(makeMail())).toMatchObject({ kind: 'sent' });
  expect((await mailbox.seen()).mails).toMatchObject([{ secure: false, signedInBy: null }]);
});

test('where STARTTLS is not offered, neither password nor mail is sent', async () => {
  const mailbox = await makeMailbox({ tls: 'none' });
  const credentials = { username: 'user', password: 'pässword' };
  const transport = smtpTransport({ ...mailbox.settings, startTls: true, credentials });
  expect(await transport(makeMail())).toEqual({ kind: 'transient', reason: 'STARTTLS is not offered' });
  const { lines, mails } = await mailbox.seen();
  expect(verbs(lines)).toEqual(['EHLO', 'QUIT']);
  expect(mails).toEqual([]);
});

test.each(['starttls', 'implicit'] as const)('%s: a certificate of another host is not trusted', async (tls) => {
  const mailbox = await makeMailbox({ tls });
  const transport = smtpTransport({ ...mailbox.settings, host: '127.0.0.1' });
  expect(await transport(makeMail())).toMatchObject({ kind: 'transient' });
  const { lines, mails } = await mailbox.seen();
  expect(verbs(lines)).not.toContain('AUTH');
  expect(mails).toEqual([]);
});

test('words slipped in behind the reply to STARTTLS end the dialogue before the password', async () => {
  const mailbox = await makeMailbox({ faults: { STARTTLS: { say: '220 Go\r\n250 AUTH PLAIN\r\n' } } });
  expect(await smtpTransport(mailbox.settings)(makeMail())).toEqual({
    kind: 'transient',
    reason: 'STARTTLS failed: words in clear behind the reply',
  });
  expect(verbs((await mailbox.seen()).lines)).not.toContain('AUTH');
});

test('what was offered in clear does not count once there is TLS', async () => {
  const mailbox = await makeMailbox({ faults: { 'EHLO over TLS': { say: '250-mail.test\r\n250 SIZE 1000\r\n' } } });
  expect(await smtpTransport(mailbox.settings)(makeMail())).toEqual({
    kind: 'transient',
    reason: 'sign-in by PLAIN or LOGIN is not offered',
  });
});

test('with a user set, no mail goes without a sign-in', async () => {
  const mailbox = await makeMailbox({ methods: ['CRAM-MD5'] });
  expect(await smtpTransport(mailbox.settings)(makeMail())).toMatchObject({ kind: 'transient' });
  const { lines, mails } = await mailbox.seen();
  expect(verbs(lines)).not.toContain('MAIL');
  expect(mails).toEqual([]);
});

test('without a user nobody signs in, whatever is offered', async () => {
  const mailbox = await makeMailbox();
  const transport = smtpTransport({ ...mailbox.settings, credentials: null });
  expect(await transport(makeMail())).toEqual({ kind: 'transient', reason: 'sender refused: 530' });
  expect(verbs((await mailbox.seen()).lines)).not.toContain('AUTH');
});

test("a server's name is no offer", async () => {
  const mailbox = await makeMailbox({ methods: [], name: 'smtp-auth-dsn.test' });
  expect(await smtpTransport(mailbox.settings)(makeMail())).toMatchObject({ kind: 'sent' });
});

test('a server that reports on delivery is left to do so', async () => {
  const mailbox = await makeMailbox();
  await smtpTransport(mailbox.settings)(makeMail());
  const { lines, mails } = await mailbox.seen();
  expect(mails).toMatchObject([{ from: { args: false }, to: [{ args: false }] }]);
  expect(lines.map(({ line }) => line)).toContain('RCPT TO:<ada@example.test>');
  expect(lines.map(({ line }) => line)).toContain('MAIL FROM:<no-reply@acme.test>');
});

test('no timer is left behind', async () => {
  const mailbox = await makeMailbox();
  const set = vi.spyOn(globalThis, 'setTimeout');
  const cleared = vi.spyOn(globalThis, 'clearTimeout');
  await smtpTransport(mailbox.settings)(makeMail());
  const timers = set.mock.results.map(({ value }) => value);
  const gone = cleared.mock.calls.map(([timer]) => timer);
  vi.restoreAllMocks();
  expect(timers.length).toBeGreaterThan(0);
  expect(gone).toEqual(timers);
});

test('replies may come byte by byte', async () => {
  const mailbox = await makeMailbox({ tls: 'implicit', dribble: true });
  expect(await smtpTransport(mailbox.settings)(makeMail())).toMatchObject({ kind: 'sent' });
  expect((await mailbox.seen()).mails).toHaveLength(1);
});

test('a domain of other letters is written in Punycode', async () => {
  const mailbox = await makeMailbox();
  const from = { name: 'Acme', email: 'no-reply@bücher.test' };
  const mail = makeMail({ from, to: 'ada@例え.test', replyTo: 'help@bücher.test' });
  expect(await smtpTransport(mailbox.settings)(mail)).toEqual({
    kind: 'sent',
    providerId: `<${mail.id}@xn--bcher-kva.test>`,
  });
  const { mails } = await mailbox.seen();
  expect(mails).toMatchObject([{ from: { args: false }, to: [{ address: expect.stringMatching(/^ada@/) }] }]);
  expect(mails[0]!.raw).toContain('\r\nTo: ada@xn--r8jz45g.test\r\n');
  expect(mails[0]!.raw).toContain('\r\nReply-To: help@xn--bcher-kva.test\r\n');
});

test('an address in other letters goes to a server that knows them', async () => {
  const mailbox = await makeMailbox({ utf8: true });
  expect(await smtpTransport(mailbox.settings)(makeMail({ to: 'адам@例え.test' }))).toMatchObject({ kind: 'sent' });
  const { lines, mails } = await mailbox.seen();
  expect(mails).toMatchObject([
    { from: { args: { SMTPUTF8: true } }, to: [{ address: expect.stringMatching(/^адам@/) }] },
  ]);
  expect(lines.map(({ line }) => line)).toContain('RCPT TO:<адам@xn--r8jz45g.test>');
});

test.each([
  ['recipient', { to: 'адам@example.test' }],
  ['sender', { from: { name: 'Acme', email: 'адам@acme.test' } }],
  ['reply address', { replyTo: 'адам@acme.test' }],
])('a %s in other letters fails for good where they are unknown', async (_, addresses) => {
  const mailbox = await makeMailbox();
  expect(await smtpTransport(mailbox.settings)(makeMail(addresses))).toEqual({
    kind: 'permanent',
    reason: 'the server takes ASCII addresses only',
  });
  expect(verbs((await mailbox.seen()).lines)).not.toContain('MAIL');
});

test.each(['ada@exa<mple.test', 'ada', 'a@b\r\nRCPT TO:<eve@evil.test>', 'ada@\u2028.test'])(
  'nothing is sent to %j',
  async (to) => {
    const mailbox = await makeMailbox();
    expect(await smtpTransport(mailbox.settings)(makeMail({ to }))).toMatchObject({ kind: 'permanent' });
    expect((await mailbox.seen()).lines).toEqual([]);
  },
);
