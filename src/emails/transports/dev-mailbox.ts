import type { OutgoingEmail } from '../../model/emails/email.ts';
import { DEV_MAILS_MAX } from '../../model/limits/index.ts';

const sentMails = new WeakMap<object, readonly OutgoingEmail[]>();

/** For `/dev/mail`. */
export function storeDevEmail(env: { readonly development: boolean }, mail: OutgoingEmail): void {
  if (env.development) sentMails.set(env, [mail, ...devEmails(env)].slice(0, DEV_MAILS_MAX));
}

/** Newest first. */
export function devEmails(env: object): readonly OutgoingEmail[] {
  return sentMails.get(env) ?? [];
}
