import type { Mail } from '../../model/emails/email.ts';
import { DEV_MAILS_MAX } from '../../model/limits/index.ts';

const kept = new WeakMap<object, readonly Mail[]>();

/** Keeps a mail that was sent for `/dev/mail`, in memory, where `env` is a developer's. */
export function rememberMail(env: { readonly development: boolean }, mail: Mail): void {
  if (env.development) kept.set(env, [mail, ...rememberedMails(env)].slice(0, DEV_MAILS_MAX));
}

/** The mails kept, the youngest first. */
export function rememberedMails(env: object): readonly Mail[] {
  return kept.get(env) ?? [];
}
