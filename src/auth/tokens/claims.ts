import { readIdentityScopes } from '../../model/clients/identity-scope.ts';
import type { Member } from '../../model/users/member.ts';
import { fullName } from '../../model/users/user.ts';

export const CLAIMS = ['sub', 'email', 'email_verified', 'name', 'given_name', 'family_name', 'locale'] as const;

/** OpenID Connect Core 1.0 §5.4. */
export function claimsOf(member: Member, scope: string) {
  const requested = readIdentityScopes(scope);
  return {
    sub: member.id,
    ...(requested.includes('email') && { email: member.email, email_verified: member.emailVerifiedAt !== null }),
    ...(requested.includes('profile') && {
      name: fullName(member),
      ...(member.firstName !== '' && { given_name: member.firstName }),
      ...(member.lastName !== '' && { family_name: member.lastName }),
      ...(member.language !== undefined && { locale: member.language }),
    }),
  };
}
