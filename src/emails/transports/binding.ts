import { oneLine } from '../../html/clean-text.ts';
import type { OutgoingEmail, SendResult, Transport } from '../../model/emails/email.ts';
import { MAIL_TIMEOUT_MS } from '../../model/limits/index.ts';
import { EmailFault, failedResult } from './email-fault.ts';
import { unsubscribeHeaders } from './headers.ts';
import { wireAddress } from './wire-address.ts';
import { withTimeout } from './with-timeout.ts';

/** Errors that a retry cannot fix (developers.cloudflare.com/email-service). Limits and outages are retried. */
const PERMANENT =
  /^E_(?:RECIPIENT_SUPPRESSED|RECIPIENT_NOT_ALLOWED|VALIDATION_ERROR|FIELD_MISSING|CONTENT_TOO_LARGE)$|^E_(?:HEADERS?|TOO_MANY)_/;

/** Cloudflare sets Message-ID and Date. */
export function bindingTransport(binding: SendEmail, timeoutMs: number = MAIL_TIMEOUT_MS): Transport {
  return (mail) => send(mail, binding, timeoutMs).catch(failedResult);
}

async function send(mail: OutgoingEmail, binding: SendEmail, timeoutMs: number): Promise<SendResult> {
  const result: Partial<EmailSendResult> | undefined = await withTimeout(
    timeoutMs,
    sendByBinding(messageOf(mail), binding),
  );
  return { kind: 'sent', providerId: result?.messageId ?? '' };
}

async function sendByBinding(message: EmailMessageBuilder, binding: SendEmail): Promise<EmailSendResult> {
  try {
    return await binding.send(message);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = /^E_[A-Z_]{1,60}$/.test(code) ? `refused: ${code}` : 'the service failed';
    throw new EmailFault(PERMANENT.test(code) ? 'permanent' : 'transient', reason);
  }
}

function messageOf(mail: OutgoingEmail): EmailMessageBuilder {
  const name = oneLine(mail.from.name);
  const email = wireAddress(mail.from.email);
  return {
    from: name === '' ? email : { name, email },
    to: wireAddress(mail.to),
    ...(mail.replyTo !== null && { replyTo: wireAddress(mail.replyTo) }),
    subject: oneLine(mail.subject),
    text: mail.text,
    html: mail.html,
    // RFC 3834 §5.
    headers: { 'Auto-Submitted': 'auto-generated', ...unsubscribeHeaders(mail.unsubscribe) },
  };
}
