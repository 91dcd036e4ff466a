import * as v from 'valibot';
import { Email } from '../../model/fields.ts';
import { OIDC_SUBJECT_MAX_CHARS } from '../../model/limits/index.ts';
import type { ExternalIdentity, IdentityRefused } from '../../model/sign-in/identity.ts';
import type { OidcProvider } from '../../model/sign-in/oidc-provider.ts';
import { isAuthoritative } from './authority.ts';
import { rejected } from './outcome.ts';

/** OpenID Connect Core §2, §5.1. A claim of the wrong type counts as absent. */
const Claims = v.object({
  sub: v.pipe(v.string(), v.nonEmpty(), v.maxLength(OIDC_SUBJECT_MAX_CHARS)),
  email: v.fallback(v.nullable(Email), null),
  email_verified: v.fallback(v.boolean(), false),
  hd: v.fallback(v.nullable(v.string()), null),
  auth_time: v.fallback(v.nullable(v.number()), null),
});

export function identityOf(
  provider: OidcProvider,
  claims: Readonly<Record<string, unknown>>,
): ExternalIdentity | IdentityRefused {
  const parsed = v.safeParse(Claims, claims);
  if (!parsed.success) return rejected('unusable "sub" claim');
  const { sub, email, email_verified, hd, auth_time } = parsed.output;
  return {
    kind: 'identity',
    issuer: provider.issuer,
    subject: sub,
    email,
    emailVerified: email_verified,
    authoritative: isAuthoritative(provider, { email, hd }),
    hd,
    authTime: auth_time,
  };
}
