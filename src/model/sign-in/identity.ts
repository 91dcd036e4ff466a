import * as v from 'valibot';
import type { OutsideRules } from './settings.ts';

/** RFC 7636, OpenID Connect Core §2. */
export type OidcSecrets = Readonly<v.InferOutput<typeof OidcSecrets>>;
export const OidcSecrets = v.object({ state: v.string(), nonce: v.string(), codeVerifier: v.string() });

export const writeSecrets = (secrets: OidcSecrets): string => JSON.stringify(secrets);
export const readSecrets = (text: string): OidcSecrets => v.parse(OidcSecrets, JSON.parse(text));

export type Identity = {
  readonly kind: 'identity';
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly authoritative: boolean;
  readonly hd: string | null;
  readonly authTime: number | null;
};
export type Refused = {
  readonly kind: 'refused';
  readonly reason: 'declined' | 'rejected';
  readonly detail: string;
};
export type Unavailable = { readonly kind: 'unavailable'; readonly detail: string };

export type IdentityProblem = 'email-missing' | 'email-unverified' | 'wrong-domain' | 'switched-off';

export function problemOf(
  { email, emailVerified, hd }: Identity,
  { googleHostedDomain: wanted, googleSignIn }: OutsideRules,
): IdentityProblem | null {
  if (email === null) return 'email-missing';
  if (!emailVerified) return 'email-unverified';
  if (googleSignIn === 'off') return 'switched-off';
  return wanted === null || hd?.toLowerCase() === wanted.toLowerCase() ? null : 'wrong-domain';
}

export function authenticatedAt({ authTime }: Identity, now: number): number {
  return Math.max(0, Math.min(now, (authTime ?? 0) * 1000));
}
