import * as v from 'valibot';
import { Password } from '../../../model/factors/password.ts';
import { Email, Id, Name } from '../../../model/fields.ts';
import { Organization } from '../resellers/schemas.ts';
import { AnyText, Blank, id, stamps, time } from '../schemas.ts';

/** Empty or null: no organization. */
const OrganizationId = v.pipe(
  v.nullable(AnyText),
  v.transform((id) => id?.toLowerCase() || null),
);

const userFields = { firstName: Name, email: Email, role: Name, allowCustomerPortalAccess: v.boolean() };
export const NewUser = v.object({
  ...userFields,
  lastName: Blank,
  company: Blank,
  organizationId: v.optional(OrganizationId, null),
  password: Password,
});
export const UserChanges = v.partial(
  v.object({
    ...userFields,
    lastName: AnyText,
    company: AnyText,
    organizationId: OrganizationId,
    disabled: v.pipe(
      v.boolean(),
      v.description('true ends what the user may do in this tenant, until it is false again.'),
    ),
  }),
);

export const UserPath = v.object({ resellerId: Id, userId: Id });

export const User = v.object({
  ...stamps,
  name: v.string(),
  firstName: v.string(),
  lastName: v.string(),
  email: v.string(),
  role: v.string(),
  twoFactorEnabled: v.boolean(),
  googleSsoEnabled: v.boolean(),
  lastLoginAt: v.nullable(time),
  organizationId: v.nullable(id),
  organization: v.nullable(Organization),
  company: v.string(),
  disabled: v.exactOptional(v.pipe(v.literal(true), v.description('Only while the tenant has disabled the user.'))),
  membership: v.exactOptional(
    v.pipe(v.literal('pending'), v.description('Only while the user has not accepted the membership.')),
  ),
});
