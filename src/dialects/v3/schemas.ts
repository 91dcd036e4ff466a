import * as v from 'valibot';
import { Password } from '../../model/factors/password.ts';
import { displayable, Email, Id, Name, Quota, text } from '../../model/fields.ts';
import { TEXT_MAX_CHARS } from '../../model/limits/index.ts';

/** What v3 takes and gives on the wire (contracts: v3). Requests first, replies below. */
const AnyText = text(0, TEXT_MAX_CHARS);
const Blank = v.optional(AnyText, '');

const ResellerName = v.pipe(Name, displayable);
const resellerFields = { name: ResellerName, email: Email, allowedUsers: Quota, allowedOrganizations: Quota };
export const NewReseller = v.object({ ...resellerFields, description: Blank });
export const ResellerChanges = v.partial(v.object({ ...resellerFields, description: AnyText }));

const Address = v.object({
  addressLine1: Blank,
  addressLine2: Blank,
  city: Blank,
  state: Blank,
  country: Blank,
  postalCode: Blank,
});
const AddressChanges = v.partial(
  v.object({
    addressLine1: AnyText,
    addressLine2: AnyText,
    city: AnyText,
    state: AnyText,
    country: AnyText,
    postalCode: AnyText,
  }),
);

const organizationFields = { name: Name, email: Email, allowedUsers: Quota };
export const NewOrganization = v.object({
  ...organizationFields,
  description: Blank,
  address: v.optional(Address, {}),
});
export const OrganizationChanges = v.partial(
  v.object({ ...organizationFields, description: AnyText, address: AddressChanges }),
);

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

export const ResellerPath = v.object({ resellerId: Id });
export const OrganizationPath = v.object({ resellerId: Id, organizationId: Id });
export const UserPath = v.object({ resellerId: Id, userId: Id });
export const id = v.pipe(v.string(), v.uuid());
export const time = v.pipe(v.string(), v.isoTimestamp());
export const stamps = { id, createdAt: time, updatedAt: time };

export const Reseller = v.object({
  ...stamps,
  name: v.string(),
  email: v.string(),
  description: v.string(),
  allowedUsers: v.number(),
  allowedOrganizations: v.number(),
});

export const Organization = v.object({
  ...stamps,
  name: v.string(),
  email: v.string(),
  description: v.string(),
  allowedUsers: v.number(),
  address: v.object({
    addressLine1: v.string(),
    addressLine2: v.string(),
    city: v.string(),
    state: v.string(),
    country: v.string(),
    postalCode: v.string(),
  }),
});

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

export const ErrorBody = v.object({
  message: v.string(),
  code: v.string(),
  errors: v.optional(v.array(v.object({ field: v.string(), message: v.string() }))),
});
