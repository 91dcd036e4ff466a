import type { OutgoingEmail, SendResult, Transport } from '../../model/emails/email.ts';
import { MAIL_TIMEOUT_MS } from '../../model/limits/index.ts';
import { failureOf } from './fault.ts';
import { MendedMailer } from './mended-mailer.ts';
import { messageOf } from './message.ts';
import type { SmtpSettings } from './smtp-settings.ts';
import { within } from './within.ts';

export function smtpTransport(settings: SmtpSettings, timeoutMs: number = MAIL_TIMEOUT_MS): Transport {
  return (mail) => send(mail, settings, timeoutMs).catch(failureOf);
}

async function send(mail: OutgoingEmail, settings: SmtpSettings, timeoutMs: number): Promise<SendResult> {
  const message = messageOf(mail, new Date());
  const mailer = new MendedMailer(settings);
  try {
    await within(timeoutMs, mailer.deliver(message));
    return { kind: 'sent', providerId: message.headers['Message-ID'] };
  } finally {
    await mailer.leave();
  }
}
