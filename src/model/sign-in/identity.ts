import * as v from 'valibot';
import type { ExternalIdentityRules } from './settings.ts';

/** RFC 7636, OpenID Connect Core §2. */
export type OidcSecrets = Readonly<v.InferOutput<typeof OidcSecrets>>;
export const OidcSecrets = v.object({ state: v.string(), nonce: v.string(), codeVerifier: v.string() });

export const serializeOidcSecrets = (secrets: OidcSecrets): string => JSON.stringify(secrets);
export const parseOidcSecrets = (text: string): OidcSecrets => v.parse(OidcSecrets, JSON.parse(text));

export type ExternalIdentity = {
  readonly kind: 'identity';
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly authoritative: boolean;
  readonly hd: string | null;
  readonly authTime: number | null;
};
export type IdentityRefused = {
  readonly kind: 'refused';
  readonly reason: 'declined' | 'rejected';
  readonly detail: string;
};
export type ProviderUnavailable = { readonly kind: 'unavailable'; readonly detail: string };

export type IdentityProblem = 'email-missing' | 'email-unverified' | 'wrong-domain' | 'switched-off';

export function identityProblem(
  { email, emailVerified, hd }: ExternalIdentity,
  { googleHostedDomain: requiredDomain, googleSignIn }: ExternalIdentityRules,
): IdentityProblem | null {
  if (email === null) return 'email-missing';
  if (!emailVerified) return 'email-unverified';
  if (googleSignIn === 'off') return 'switched-off';
  return requiredDomain === null || hd?.toLowerCase() === requiredDomain.toLowerCase() ? null : 'wrong-domain';
}

export function authenticatedAt({ authTime }: ExternalIdentity, now: number): number {
  return Math.max(0, Math.min(now, (authTime ?? 0) * 1000));
}
