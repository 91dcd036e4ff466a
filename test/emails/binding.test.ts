import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import { bindingTransport } from '../../src/emails/transports/binding.ts';
import { makeMail } from '../support/outside/mailbox.ts';

/** Stands in for Cloudflare's service: it is outside. */
const service = (send: (message: EmailMessageBuilder) => Promise<EmailSendResult>) =>
  ({ send: vi.fn(send) }) as SendEmail & { send: typeof send };

const refusing = (error: unknown) => bindingTransport(service(() => Promise.reject(error)));
const withCode = (code: string) => Object.assign(new Error('no mail to ada@example.test'), { code });

test('the local binding takes a mail', async () => {
  expect(await bindingTransport(env.EMAIL)(makeMail({ replyTo: 'help@acme.test' }))).toEqual({
    kind: 'sent',
    providerId: expect.stringMatching(/^<\w+@acme\.test>$/),
  });
});

test('a mail is handed over whole', async () => {
  const binding = service(async () => ({ messageId: 'm-1' }));
  const mail = makeMail({ replyTo: 'help@bücher.test', to: 'ada@例え.test', subject: 'こんにちは 🎉' });
  expect(await bindingTransport(binding)(mail)).toEqual({ kind: 'sent', providerId: 'm-1' });
  expect(binding.send).toHaveBeenCalledExactlyOnceWith({
    from: { name: 'Acme', email: 'no-reply@acme.test' },
    to: 'ada@xn--r8jz45g.test',
    replyTo: 'help@xn--bcher-kva.test',
    subject: 'こんにちは 🎉',
    text: mail.text,
    html: mail.html,
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
});

test('names and subjects are handed over as one line', async () => {
  const binding = service(async () => ({ messageId: 'm-1' }));
  const evil = 'Hi\r\nBcc: eve@evil.test\0';
  await bindingTransport(binding)(makeMail({ subject: evil, from: { name: evil, email: 'no-reply@acme.test' } }));
  expect(binding.send).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({
      subject: 'Hi Bcc: eve@evil.test',
      from: { name: 'Hi Bcc: eve@evil.test', email: 'no-reply@acme.test' },
    }),
  );
});

test('a sender without a name is an address alone', async () => {
  const binding = service(async () => ({ messageId: 'm-1' }));
  await bindingTransport(binding)(makeMail({ from: { name: '', email: 'no-reply@acme.test' } }));
  expect(binding.send).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ from: 'no-reply@acme.test' }));
});

test.each([
  'E_RECIPIENT_SUPPRESSED',
  'E_RECIPIENT_NOT_ALLOWED',
  'E_VALIDATION_ERROR',
  'E_FIELD_MISSING',
  'E_CONTENT_TOO_LARGE',
  'E_HEADER_NOT_ALLOWED',
  'E_HEADERS_TOO_LARGE',
  'E_TOO_MANY_RECIPIENTS',
])('%s is permanent', async (code) => {
  expect(await refusing(withCode(code))(makeMail())).toEqual({ kind: 'permanent', reason: `refused: ${code}` });
});

test.each([
  'E_RATE_LIMIT_EXCEEDED',
  'E_DAILY_LIMIT_EXCEEDED',
  'E_INTERNAL_SERVER_ERROR',
  'E_DELIVERY_FAILED',
  'E_SENDER_NOT_VERIFIED',
  'E_SENDER_DOMAIN_NOT_AVAILABLE',
  'E_SOMETHING_NEW',
])('%s is transient', async (code) => {
  expect(await refusing(withCode(code))(makeMail())).toEqual({ kind: 'transient', reason: `refused: ${code}` });
});

test.each([
  ['an error without a code', new Error('mail to ada@example.test failed')],
  ['a code of another kind', withCode('ada@example.test')],
  ['a thrown text', 'ada@example.test'],
  ['nothing', undefined],
])('%s is transient, and none of it is told', async (_, error) => {
  expect(await refusing(error)(makeMail())).toEqual({ kind: 'transient', reason: 'the service failed' });
});

test('a binding that throws at once is transient', async () => {
  const transport = bindingTransport(
    service(() => {
      throw withCode('E_RATE_LIMIT_EXCEEDED');
    }),
  );
  expect(await transport(makeMail())).toEqual({ kind: 'transient', reason: 'refused: E_RATE_LIMIT_EXCEEDED' });
});

test('a service that does not answer is left after the time limit', async () => {
  const transport = bindingTransport(
    service(() => new Promise(() => {})),
    100,
  );
  expect(await transport(makeMail())).toEqual({ kind: 'transient', reason: 'not done within 0.1 s' });
});

test('what is no address is never handed over', async () => {
  const binding = service(async () => ({ messageId: 'm-1' }));
  expect(await bindingTransport(binding)(makeMail({ to: 'ada' }))).toMatchObject({ kind: 'permanent' });
  expect(binding.send).not.toHaveBeenCalled();
});
