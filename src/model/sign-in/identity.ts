import * as v from 'valibot';
import type { OutsideRules } from './settings.ts';

/** What a browser's flow keeps until it is back: `codeVerifier` for RFC 7636, `nonce` for OpenID Connect Core §2. */
export type OidcSecrets = Readonly<v.InferOutput<typeof OidcSecrets>>;
export const OidcSecrets = v.object({ state: v.string(), nonce: v.string(), codeVerifier: v.string() });

/** The same as text, and back. */
export const writeSecrets = (secrets: OidcSecrets): string => JSON.stringify(secrets);
export const readSecrets = (text: string): OidcSecrets => v.parse(OidcSecrets, JSON.parse(text));

/** Who a provider says somebody is. `authTime`: when they proved it there, in seconds (OpenID Connect Core §2). */
export type Identity = {
  readonly kind: 'identity';
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** Whether the provider hands the address out, rather than having been told it. */
  readonly authoritative: boolean;
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
export type IdentityProblem = 'email-missing' | 'email-unverified' | 'wrong-domain' | 'switched-off';

/** Judges an identity by the rules of a reseller; null: it will do there. */
export function problemOf(
  { email, emailVerified, hd }: Identity,
  { googleHostedDomain: wanted, googleSignIn }: OutsideRules,
): IdentityProblem | null {
  if (email === null) return 'email-missing';
  if (!emailVerified) return 'email-unverified';
  if (googleSignIn === 'off') return 'switched-off';
  return wanted === null || hd?.toLowerCase() === wanted.toLowerCase() ? null : 'wrong-domain';
}

/** When the person proved it at the provider, in milliseconds; 0: the provider does not say. */
export function authenticatedAt({ authTime }: Identity, now: number): number {
  return Math.max(0, Math.min(now, (authTime ?? 0) * 1000));
}
