import * as v from 'valibot';
import { Password } from '../../model/factors/password.ts';
import { Email, Id, Name, Quota, showable, text } from '../../model/fields.ts';
import { TEXT_MAX_CHARS } from '../../model/limits/index.ts';

/** What v3 takes and gives on the wire (contracts: v3). Requests first, replies below. */
const AnyText = text(0, TEXT_MAX_CHARS);
const Blank = v.optional(AnyText, '');

const ResellerName = v.pipe(Name, showable);
const resellerFields = { name: ResellerName, email: Email, allowedUsers: Quota, allowedOrganizations: Quota };
export const NewReseller = v.object({ ...resellerFields, description: Blank });
export const ResellerChanges = v.partial(v.object({ ...resellerFields, description: AnyText }));

/** Texts of an organization that are empty unless given; those of its address are kept together. */
const organizationTexts = ['description'] as const;
const addressTexts = ['addressLine1', 'addressLine2', 'city', 'state', 'country', 'postalCode'] as const;

const organizationFields = { name: Name, email: Email, allowedUsers: Quota };
export const NewOrganization = v.object({
  ...organizationFields,
  ...v.entriesFromList(organizationTexts, Blank),
  address: v.optional(v.object(v.entriesFromList(addressTexts, Blank)), {}),
});
export const OrganizationChanges = v.partial(
  v.object({
    ...organizationFields,
    ...v.entriesFromList(organizationTexts, AnyText),
    address: v.partial(v.object(v.entriesFromList(addressTexts, AnyText))),
  }),
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
  v.object({ ...userFields, lastName: AnyText, company: AnyText, organizationId: OrganizationId }),
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
  ...v.entriesFromList(organizationTexts, v.string()),
  allowedUsers: v.number(),
  address: v.object(v.entriesFromList(addressTexts, v.string())),
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
  membership: v.exactOptional(
    v.pipe(v.literal('pending'), v.description('Only while the user has not accepted the membership.')),
  ),
});

export const ErrorBody = v.object({
  message: v.string(),
  code: v.string(),
  errors: v.optional(v.array(v.object({ field: v.string(), message: v.string() }))),
});
