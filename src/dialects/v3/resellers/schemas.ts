import * as v from 'valibot';
import { displayable, Email, Id, Name, Quota } from '../../../model/fields.ts';
import { AnyText, Blank, stamps } from '../schemas.ts';

const ResellerName = v.pipe(Name, displayable);
const resellerFields = { name: ResellerName, email: Email, allowedUsers: Quota, allowedOrganizations: Quota };
export const NewReseller = v.object({ ...resellerFields, description: Blank });
export const ResellerChanges = v.partial(v.object({ ...resellerFields, description: AnyText }));

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

export const ResellerPath = v.object({ resellerId: Id });
export const OrganizationPath = v.object({ resellerId: Id, organizationId: Id });

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
