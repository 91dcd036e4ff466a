import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { smtpTransport } from '../../src/emails/transports/smtp.ts';
import { makeMail, makeMailbox } from '../support/outside/mailbox.ts';
import type { FaultyStep } from '../support/smtp/options.ts';

const LOGS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;
const REASONS: { [step in FaultyStep]: string } = {
  greeting: 'no greeting',
  EHLO: 'greeting refused',
  'EHLO over TLS': 'STARTTLS failed',
  STARTTLS: 'STARTTLS failed',
  AUTH: 'sign-in failed',
  MAIL: 'sender refused',
  RCPT: 'recipient refused',
  DATA: 'message refused before it was sent',
  body: 'message refused',
  QUIT: '',
};
const STEPS = Object.keys(REASONS).filter((step) => step !== 'QUIT') as FaultyStep[];
const OURS: FaultyStep[] = ['MAIL', 'RCPT', 'DATA', 'body'];

/** A loaded machine takes its time to close a connection. */
const PATIENCE = { timeout: 10_000 };

let logs: MockInstance[];

beforeEach(() => {
  logs = LOGS.map((log) => vi.spyOn(console, log).mockImplementation(() => {}));
});

afterEach(() => {
  for (const log of logs) expect(log).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

/** Sends a mail to a server that does this at that step; says what became of it, and of the connection. */
async function sendTo(step: FaultyStep, fault: 'hang up' | 'silence' | { say: string }, timeoutMs?: number) {
  const mailbox = await makeMailbox({ faults: { [step]: fault } });
  const [result] = await Promise.all([
    smtpTransport(mailbox.settings, timeoutMs)(makeMail()),
    expect(mailbox.seen(), 'another request of the isolate is answered').resolves.toBeDefined(),
  ]);
  await expect.poll(async () => (await mailbox.seen()).open, PATIENCE).toBe(0);
  return { result, seen: await mailbox.seen() };
}

const TEXT = 'for <ada@example.test>, said mail.test 5.9.9';

test.each(STEPS)('%s: a 4xx is transient', async (step) => {
  const { result, seen } = await sendTo(step, { say: `451 4.3.2 ${TEXT}\r\n` });
  expect(result).toEqual({ kind: 'transient', reason: `${REASONS[step]}: 451 4.3.2` });
  expect(seen.mails).toEqual([]);
});

test.each(STEPS)('%s: a 5xx is permanent only if it is about the mail', async (step) => {
  const { result, seen } = await sendTo(step, { say: `550-5.1.1 ${TEXT}\r\n550 5.1.1 ${TEXT}\r\n` });
  const kind = OURS.includes(step) ? 'permanent' : 'transient';
  expect(result).toEqual({ kind, reason: `${REASONS[step]}: 550 5.1.1` });
  expect(seen.mails).toEqual([]);
});

test.each(STEPS)('%s: a server that hangs up is a transient fault, and blocks nobody', async (step) => {
  const { result } = await sendTo(step, 'hang up');
  expect(result).toEqual({ kind: 'transient', reason: `${REASONS[step]}: connection lost` });
});

test.each(STEPS)('%s: a server that falls silent is left after the time limit', async (step) => {
  const { result } = await sendTo(step, 'silence', 1_500);
  expect(result).toEqual({ kind: 'transient', reason: 'not done within 1.5 s' });
});

test.each([
  ['530', 'MAIL'],
  ['535', 'AUTH'],
  ['534', 'AUTH'],
  ['538', 'RCPT'],
] as const)('%s, which new settings mend, loses no mail at %s', async (code, step) => {
  const { result } = await sendTo(step, { say: `${code} ${TEXT}\r\n` });
  expect(result).toEqual({ kind: 'transient', reason: `${REASONS[step]}: ${code}` });
});

test('a wrong password is transient', async () => {
  const mailbox = await makeMailbox();
  const transport = smtpTransport({ ...mailbox.settings, credentials: { username: 'user', password: 'wrong' } });
  expect(await transport(makeMail())).toEqual({ kind: 'transient', reason: 'sign-in failed: 535' });
});

test.each([
  ['no reply at all', 'HTTP/1.1 400 Bad Request\r\n'],
  ['a wrong reply', '354 Go on\r\n'],
  ['an endless line', '2'.repeat(50_000)],
  ['endless lines', '250-and more\r\n'.repeat(5_000)],
])('%s is a transient fault', async (_, say) => {
  const { result } = await sendTo('MAIL', { say });
  expect(result).toMatchObject({ kind: 'transient', reason: expect.stringMatching(/^sender refused: /) });
});

test.each([
  ['a code alone', '550\r\n', '550'],
  ['many lines', '550-\r\n550-No\r\n550 5.1.1 Really no\r\n', '550'],
  ['a line break of its own kind', '550 5.1.1 No\n', '550 5.1.1'],
])('%s is a reply', async (_, say, code) => {
  const { result } = await sendTo('RCPT', { say });
  expect(result).toEqual({ kind: 'permanent', reason: `recipient refused: ${code}` });
});

test('a reply that comes along with another is not lost', async () => {
  const { result } = await sendTo('MAIL', { say: '250 2.1.0 Ok\r\n550 5.1.1 No\r\n' });
  expect(result).toEqual({ kind: 'permanent', reason: 'recipient refused: 550 5.1.1' });
});

test.each(['hang up', 'silence', { say: '500 What?\r\n' }] as const)(
  'a mail that was taken is sent, whatever QUIT brings: %j',
  async (fault) => {
    const { result, seen } = await sendTo('QUIT', fault);
    expect(result).toMatchObject({ kind: 'sent' });
    expect(seen.mails).toHaveLength(1);
  },
);

test('a server that is not there is a transient fault', async () => {
  const mailbox = await makeMailbox();
  const transport = smtpTransport({ ...mailbox.settings, port: 1 });
  expect(await transport(makeMail())).toEqual({ kind: 'transient', reason: 'could not connect: connection lost' });
});
