import type { OutgoingEmail } from '../../model/emails/email.ts';
import { DEV_MAILS_MAX } from '../../model/limits/index.ts';

const kept = new WeakMap<object, readonly OutgoingEmail[]>();

/** Keeps a mail that was sent for `/dev/mail`, in memory, where `env` is a developer's. */
export function rememberEmail(env: { readonly development: boolean }, mail: OutgoingEmail): void {
  if (env.development) kept.set(env, [mail, ...rememberedEmails(env)].slice(0, DEV_MAILS_MAX));
}

/** The mails kept, the youngest first. */
export function rememberedEmails(env: object): readonly OutgoingEmail[] {
  return kept.get(env) ?? [];
}
