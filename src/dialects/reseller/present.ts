import type * as v from 'valibot';
import { isCountry } from '../../domain/resellers/country.ts';
import type { OrganizationChanges } from '../../domain/resellers/organizations.ts';
import type { NewUser, UserChanges } from '../../domain/users/users.ts';
import type { Organization } from '../../model/resellers/organization.ts';
import type { User } from '../../model/users/user.ts';
import type * as wire from './schemas.ts';

/** Any other role is shown as `user`. */
const MANAGER = 'organization-admin';

const INFO = {
  company_name: 'companyName',
  industry: 'industry',
  number_of_employees: 'numberOfEmployees',
  sector: 'sector',
  paragraph_203_StGB_applies: 'secrecyApplies',
  additional_sensitive_personal_data_attributes: 'sensitiveAttributes',
} as const;
const ADDRESS = {
  address_line_1: 'addressLine1',
  address_line_2: 'addressLine2',
  city: 'city',
  zip_code: 'postalCode',
} as const;

type Names = Readonly<Record<string, keyof OrganizationChanges>>;

function toWireNames<const N extends Names>(organization: Organization, names: N) {
  const entries = Object.entries(names).map(([wireName, name]) => [wireName, organization[name]]);
  return Object.fromEntries(entries) as { [W in keyof N]: Organization[N[W]] };
}

/** Null counts as absent. */
function fromWireNames<const N extends Names>(
  body: { readonly [W in keyof N]?: Organization[N[W]] | null | undefined } | null | undefined,
  names: N,
): OrganizationChanges {
  const entries = Object.entries(names).map(([wireName, name]) => [name, body?.[wireName] ?? undefined]);
  return Object.fromEntries(entries);
}

export function toCustomer(organization: Organization): v.InferInput<typeof wire.Customer> {
  const { id, name, country, technicalInterface } = organization;
  const address = { ...toWireNames(organization, ADDRESS), country: isCountry(country) ? country : null };
  return {
    customer_id: id,
    name,
    organizational_info: { ...toWireNames(organization, INFO), address },
    use_technical_interface: technicalInterface,
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

export function fromCustomer(body: v.InferOutput<typeof wire.CustomerChanges>): OrganizationChanges {
  const { name, organizational_info: info, use_technical_interface: technicalInterface } = body;
  return {
    name: name ?? undefined,
    ...fromWireNames(info, INFO),
    ...fromWireNames(info?.address, ADDRESS),
    country: info?.address?.country ?? undefined,
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
