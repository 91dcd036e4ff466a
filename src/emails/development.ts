import type { Mail } from '../model/email.ts';
import { DEV_MAILS_MAX } from '../model/limits.ts';

type Kept = Mail & { readonly sentAt: number };

const kept = new WeakMap<object, readonly Kept[]>();

/** Keeps a mail that was sent for `/dev/mail`, in memory, where `env` is a developer's. */
export function rememberMail(env: { readonly development: boolean }, mail: Mail, sentAt: number): void {
  if (env.development) kept.set(env, [{ ...mail, sentAt }, ...rememberedMails(env)].slice(0, DEV_MAILS_MAX));
}

/** The mails kept, the youngest first. */
export function rememberedMails(env: object): readonly Kept[] {
  return kept.get(env) ?? [];
}
