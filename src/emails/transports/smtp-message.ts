import type { EmailOptions } from 'worker-mailer';
import type { OutgoingEmail } from '../../model/emails/email.ts';
import { mailboxHeader, textHeader, unsubscribeHeaders } from './headers.ts';
import { wireAddress } from './wire-address.ts';

export type SmtpMessage = EmailOptions & {
  readonly from: { email: string };
  readonly to: { email: string };
  readonly headers: { readonly 'Message-ID': string };
};

/** Throws a permanent EmailFault for an invalid address. */
export function smtpMessage(mail: OutgoingEmail, date: Date): SmtpMessage {
  const from = wireAddress(mail.from.email);
  const to = wireAddress(mail.to);
  return {
    from: { email: from },
    to: { email: to },
    subject: mail.subject,
    text: withoutLastBreak(mail.text),
    html: withoutLastBreak(mail.html),
    headers: {
      From: mailboxHeader('From', { name: mail.from.name, email: from }),
      To: to,
      ...(mail.replyTo !== null && { 'Reply-To': wireAddress(mail.replyTo) }),
      Subject: textHeader('Subject', mail.subject),
      // RFC 5322 §4.3: GMT is obsolete.
      Date: date.toUTCString().replace('GMT', '+0000'),
      'Message-ID': `<${mail.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
      // RFC 3834 §5.
      'Auto-Submitted': 'auto-generated',
      ...unsubscribeHeaders(mail.unsubscribe),
    },
  };
}

/** The package adds a line break. */
function withoutLastBreak(body: string): string {
  return body.replace(/\r?\n$/, '');
}
