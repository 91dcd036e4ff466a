import { inject } from 'vitest';
import type { OutgoingEmail } from '../../../src/model/emails/email.ts';
import type { SmtpSettings } from '../../../src/model/emails/smtp-url.ts';
import type { Seen } from '../smtp/connection.ts';
import type { MailboxOptions } from '../smtp/options.ts';

const USER = { username: 'user', password: 'pässword' };

/** A mail server of one's own, settings that fit it, and what it was sent. */
export async function makeMailbox(options: MailboxOptions = {}) {
  const { tls = 'starttls', methods } = options;
  const mailboxes = inject('mailboxes');
  const started = await fetch(mailboxes, { method: 'POST', body: JSON.stringify(options) });
  const port: number = await started.json();
  const settings: SmtpSettings = {
    host: 'localhost',
    port,
    secure: tls === 'implicit',
    startTls: tls === 'starttls',
    credentials: tls === 'none' || methods?.length === 0 ? null : USER,
  };
  return {
    settings,
    seen: async (): Promise<Seen> => (await fetch(`${mailboxes}/${port}`)).json(),
  };
}

export function makeMail(mail: Partial<OutgoingEmail> = {}): OutgoingEmail {
  return {
    id: crypto.randomUUID(),
    from: { name: 'Acme', email: 'no-reply@acme.test' },
    to: 'ada@example.test',
    replyTo: null,
    unsubscribe: null,
    subject: 'Welcome',
    text: 'Hello\n',
    html: '<p>Hello</p>\n',
    ...mail,
  };
}
