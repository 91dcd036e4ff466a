import type { OutgoingEmail, SendResult, Transport } from '../../model/emails/email.ts';
import type { SmtpSettings } from '../../model/emails/smtp-url.ts';
import { MAIL_TIMEOUT_MS } from '../../model/limits/index.ts';
import { failedResult } from './email-fault.ts';
import { SmtpClient } from './smtp-client.ts';
import { smtpMessage } from './smtp-message.ts';
import { withTimeout } from './with-timeout.ts';

export function smtpTransport(settings: SmtpSettings, timeoutMs: number = MAIL_TIMEOUT_MS): Transport {
  return (mail) => send(mail, settings, timeoutMs).catch(failedResult);
}

async function send(mail: OutgoingEmail, settings: SmtpSettings, timeoutMs: number): Promise<SendResult> {
  const message = smtpMessage(mail, new Date());
  const mailer = new SmtpClient(settings);
  try {
    await withTimeout(timeoutMs, mailer.deliver(message));
    return { kind: 'sent', providerId: message.headers['Message-ID'] };
  } finally {
    await mailer.leave();
  }
}
