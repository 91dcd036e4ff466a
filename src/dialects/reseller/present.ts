import type * as v from 'valibot';
import { isCountry } from '../../domain/resellers/country.ts';
import type { OrganizationChanges } from '../../domain/resellers/organizations.ts';
import type { NewUser, UserChanges } from '../../domain/users/users.ts';
import type { Organization } from '../../model/resellers/organization.ts';
import type { User } from '../../model/users/user.ts';
import type * as wire from './schemas.ts';

/** `manager` is v3's `organization-admin`; who has any other role there is a `user` here. */
const MANAGER = 'organization-admin';

export function toCustomer(organization: Organization): v.InferInput<typeof wire.Customer> {
  const { addressLine1, addressLine2, city, postalCode, country } = organization;
  return {
    customer_id: organization.id,
    name: organization.name,
    organizational_info: {
      company_name: organization.companyName,
      industry: organization.industry,
      number_of_employees: organization.numberOfEmployees,
      sector: organization.sector,
      paragraph_203_StGB_applies: organization.secrecyApplies,
      address: {
        address_line_1: addressLine1,
        address_line_2: addressLine2,
        city,
        zip_code: postalCode,
        country: isCountry(country) ? country : null,
      },
      additional_sensitive_personal_data_attributes: organization.sensitiveAttributes,
    },
    use_technical_interface: organization.technicalInterface,
  };
}

export const toCustomerId = ({ id }: Organization) => ({ customer_id: id });
export const toUserId = ({ id }: User) => ({ user_id: id });

export function toUser(user: User): v.InferInput<typeof wire.User> {
  return {
    user_id: user.id,
    username: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    job_title: user.jobTitle,
    role: user.role === MANAGER ? 'manager' : 'user',
  };
}

/** What a customer's body says; null is as good as nothing. */
export function fromCustomer(body: v.InferOutput<typeof wire.CustomerChanges>): OrganizationChanges {
  const { name, organizational_info: info, use_technical_interface: technicalInterface } = body;
  const address = info?.address;
  return {
    name: name ?? undefined,
    companyName: info?.company_name ?? undefined,
    industry: info?.industry ?? undefined,
    sector: info?.sector ?? undefined,
    numberOfEmployees: info?.number_of_employees ?? undefined,
    secrecyApplies: info?.paragraph_203_StGB_applies ?? undefined,
    sensitiveAttributes: info?.additional_sensitive_personal_data_attributes ?? undefined,
    addressLine1: address?.address_line_1 ?? undefined,
    addressLine2: address?.address_line_2 ?? undefined,
    city: address?.city ?? undefined,
    postalCode: address?.zip_code ?? undefined,
    country: address?.country ?? undefined,
    technicalInterface: technicalInterface ?? undefined,
  };
}

export function fromNewUser(body: v.InferOutput<typeof wire.NewUser>, organizationId: string): NewUser {
  return {
    ...fromUserChanges(body),
    email: body.username,
    role: body.role === 'manager' ? MANAGER : 'user',
    phone: body.phone ?? undefined,
    language: body.communication_language ?? undefined,
    password: body.password ?? null,
    organizationId,
  };
}

export function fromUserChanges(body: v.InferOutput<typeof wire.UserChanges>): UserChanges {
  return {
    firstName: body.first_name ?? undefined,
    lastName: body.last_name ?? undefined,
    jobTitle: body.job_title ?? undefined,
  };
}
