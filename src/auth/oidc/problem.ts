import type { Identity } from './outcome.ts';

/** Why an identity does not do, though it is who the provider says. */
export type IdentityProblem = 'email_missing' | 'email_unverified' | 'wrong_domain';

/** `hd`: the Google Workspace domain that the account has to belong to, or null. */
export function problemOf(
  { email, emailVerified, hd }: Identity,
  wanted: { readonly hd: string | null },
): IdentityProblem | null {
  if (email === null) return 'email_missing';
  if (!emailVerified) return 'email_unverified';
  return wanted.hd === null || hd?.toLowerCase() === wanted.hd.toLowerCase() ? null : 'wrong_domain';
}
