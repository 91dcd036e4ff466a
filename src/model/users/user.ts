import * as v from 'valibot';
import { LANGUAGES } from '../language.ts';
import { Organization } from '../resellers/organization.ts';

export type MembershipState = 'pending' | 'disabled';

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
  /** The receiving tenant has disabled the membership. Outside events: the primary tenant has. */
  disabled: v.optional(v.boolean(), false),
  jobTitle: v.optional(v.string(), ''),
  phone: v.optional(v.string(), ''),
  language: v.optional(v.picklist(LANGUAGES), 'en'),
  /** Null: invited, not activated. */
  verifiedAt: v.optional(v.nullable(v.number()), 0),
  emailVerifiedAt: v.optional(v.nullable(v.number()), null),
  /** In the receiving tenant; absent: accepted and enabled. */
  membership: v.optional(v.picklist<MembershipState[]>(['pending', 'disabled'])),
  /** In the receiving tenant; absent if unchanged. */
  roles: v.optional(v.pipe(v.array(v.string()), v.readonly())),
  createdAt: v.number(),
  updatedAt: v.number(),
});

export type User = v.InferOutput<typeof User>;

/** A guest's details in its primary tenant stay there. */
export const GUEST_USER_FIELDS = {
  organization: null,
  role: 'user',
  company: '',
  allowCustomerPortalAccess: true,
  jobTitle: '',
  phone: '',
  lastLoginAt: null,
} as const;

export function fullName({ firstName, lastName }: { firstName: string; lastName: string }): string {
  return firstName === '' || lastName === '' ? firstName + lastName : `${firstName} ${lastName}`;
}
