import * as v from 'valibot';
import { LANGUAGES } from '../language.ts';
import { Organization } from '../resellers/organization.ts';

/** How a membership deviates: the user has not accepted it yet, or the tenant has disabled it. */
export type MembershipState = 'pending' | 'disabled';

/** A person who signs in, with the organization as it was when this was read. Never holds the password or its hash. */
export const User = v.object({
  id: v.string(),
  resellerId: v.string(),
  organization: v.nullable(Organization),
  firstName: v.string(),
  lastName: v.string(),
  email: v.string(),
  role: v.string(),
  company: v.string(),
  allowCustomerPortalAccess: v.boolean(),
  twoFactorEnabled: v.boolean(),
  googleSsoEnabled: v.boolean(),
  lastLoginAt: v.nullable(v.number()),
  /** Whether the tenant that hears of it has disabled its membership; of a user that was read, the primary tenant. */
  disabled: v.optional(v.boolean(), false),
  jobTitle: v.optional(v.string(), ''),
  phone: v.optional(v.string(), ''),
  /** What mails and pages speak to this person. */
  language: v.optional(v.picklist(LANGUAGES), 'en'),
  /** When the user was activated: it followed a link, or the tenant vouched for it; null: invited, not activated. */
  verifiedAt: v.optional(v.nullable(v.number()), 0),
  /** When the person proved that the address is theirs; null: nobody has. */
  emailVerifiedAt: v.optional(v.nullable(v.number()), null),
  /** In the tenant that hears of it, which is told `pending` only; absent: accepted and enabled. */
  membership: v.optional(v.picklist<MembershipState[]>(['pending', 'disabled'])),
  /** In the reseller that hears of it; absent where a change cannot touch them. */
  roles: v.optional(v.pipe(v.array(v.string()), v.readonly())),
  createdAt: v.number(),
  updatedAt: v.number(),
});

export type User = v.InferOutput<typeof User>;

/** How a reseller sees these of somebody who is another one's: what that one says of its people is its own affair. */
export const ABROAD = {
  organization: null,
  role: 'user',
  company: '',
  allowCustomerPortalAccess: true,
  jobTitle: '',
  phone: '',
  lastLoginAt: null,
} as const;

/** First name, a space, last name; where there is only one of them, just that. */
export function fullName({ firstName, lastName }: { firstName: string; lastName: string }): string {
  return firstName === '' || lastName === '' ? firstName + lastName : `${firstName} ${lastName}`;
}
