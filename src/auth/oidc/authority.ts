import { domainToASCII } from 'node:url';
import type { ExternalIdentity } from '../../model/sign-in/identity.ts';
import type { OidcProvider } from '../../model/sign-in/oidc-provider.ts';

/** developers.google.com/identity/openid-connect */
export const GOOGLE = 'https://accounts.google.com';

/** Whether the provider issues the address itself. Google does for gmail.com and for Workspace domains (`hd`). */
export function isAuthoritative(
  { issuer, domains }: Pick<OidcProvider, 'issuer' | 'domains'>,
  { email, hd }: Pick<ExternalIdentity, 'email' | 'hd'>,
): boolean {
  if (email === null) return false;
  const domain = domainToASCII(email.slice(email.lastIndexOf('@') + 1));
  if (domain === '') return false;
  return domains.includes(domain) || (issuer === GOOGLE && (domain === 'gmail.com' || domain === hd?.toLowerCase()));
}
