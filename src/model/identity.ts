/** Who a provider says somebody is. `authTime`: when they proved it there, in seconds (OpenID Connect Core §2). */
export type Identity = {
  readonly kind: 'identity';
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** The Google Workspace domain that the account belongs to. */
  readonly hd: string | null;
  readonly authTime: number | null;
};
/** `declined`: the person said no. `rejected`: what came back is not good. `detail` is for the log. */
export type Refused = {
  readonly kind: 'refused';
  readonly reason: 'declined' | 'rejected';
  readonly detail: string;
};
/** The provider cannot be reached, or does not do its part. */
export type Unavailable = { readonly kind: 'unavailable'; readonly detail: string };

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
