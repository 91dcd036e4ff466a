import type { Transport } from '../../model/emails/email.ts';
import type { SmtpSettings } from '../../model/emails/smtp-url.ts';
import { bindingTransport } from './binding.ts';
import { smtpTransport } from './smtp.ts';

/** Throws if neither is set. */
export function openTransport({
  smtp,
  email,
}: {
  readonly smtp: SmtpSettings | null;
  readonly email: SendEmail | undefined;
}): Transport {
  if (smtp !== null) return smtpTransport(smtp);
  if (email === undefined) throw new Error('neither SMTP_URL nor the binding EMAIL is set');
  return bindingTransport(email);
}
