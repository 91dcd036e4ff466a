import * as v from 'valibot';
import { Country } from '../../domain/resellers/country.ts';
import { StrongPassword } from '../../model/factors/password.ts';
import { Email, Id, Name, text } from '../../model/fields.ts';
import { LANGUAGES } from '../../model/language.ts';
import { EMPLOYEES_MAX, TEXT_MAX_CHARS } from '../../model/limits/index.ts';

/** Absent or null: not set on creation, unchanged on update. */
const maybe = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema));
const AnyText = maybe(text(0, TEXT_MAX_CHARS));

type Field = readonly [taken: v.GenericSchema, shown: v.GenericSchema];
const taken = <F extends Record<string, Field>>(fields: F) =>
  Object.fromEntries(Object.entries(fields).map(([name, [schema]]) => [name, schema])) as {
    [N in keyof F]: F[N][0];
  };
const shown = <F extends Record<string, Field>>(fields: F) =>
  Object.fromEntries(Object.entries(fields).map(([name, [, schema]]) => [name, schema])) as {
    [N in keyof F]: F[N][1];
  };

const employees = v.pipe(v.number(), v.integer());
const Employees = v.pipe(employees, v.minValue(0), v.maxValue(EMPLOYEES_MAX));
const aText = [AnyText, v.string()] as const;
const address = {
  address_line_1: aText,
  address_line_2: aText,
  city: aText,
  zip_code: aText,
  // v3 accepts country names, so a reply may hold any text.
  country: [maybe(Country), v.nullable(v.string())] as const,
};
/** Each field as [request, reply]. */
const info = {
  company_name: aText,
  industry: aText,
  number_of_employees: [maybe(Employees), v.nullable(employees)] as const,
  sector: aText,
  paragraph_203_StGB_applies: [maybe(v.boolean()), v.boolean()] as const,
  address: [maybe(v.object(taken(address))), v.object(shown(address))] as const,
  additional_sensitive_personal_data_attributes: aText,
};
export const OrganizationalInfo = v.object(taken(info));

const TechnicalInterface = v.pipe(v.boolean(), v.description('Deprecated: kept and shown, without effect.'));

const customerFields = {
  organizational_info: maybe(OrganizationalInfo),
  use_technical_interface: maybe(TechnicalInterface),
};
export const NewCustomer = v.object({ name: Name, ...customerFields });
export const CustomerChanges = v.object({ name: maybe(Name), ...customerFields });

const userFields = { first_name: AnyText, last_name: AnyText, job_title: AnyText };
const GivenPassword = v.pipe(
  StrongPassword,
  v.description('With one, the address counts as verified and no e-mail goes out; without, one invites to choose it.'),
);
const MailLanguage = v.pipe(v.picklist(LANGUAGES), v.description('Of e-mails and pages; en unless set.'));
export const NewUser = v.object({
  username: Email,
  role: v.picklist(['manager', 'user']),
  password: maybe(GivenPassword),
  ...userFields,
  communication_language: maybe(MailLanguage),
  phone: AnyText,
});
export const UserChanges = v.object(userFields);

export const CustomerPath = v.object({ customer_id: Id });
export const UserPath = v.object({ customer_id: Id, user_id: Id });

const id = v.pipe(v.string(), v.uuid());

export const CustomerId = v.object({ customer_id: id });
export const UserId = v.object({ user_id: id });

export const Customer = v.object({
  customer_id: id,
  name: v.string(),
  organizational_info: v.object(shown(info)),
  use_technical_interface: TechnicalInterface,
});

export const User = v.object({
  user_id: id,
  username: v.string(),
  first_name: v.string(),
  last_name: v.string(),
  job_title: v.string(),
  role: v.picklist(['manager', 'user']),
});

export const ErrorBody = v.object({ detail: v.string() });
export const ValidationErrorBody = v.object({
  detail: v.array(v.object({ loc: v.array(v.string()), msg: v.string(), type: v.string() })),
});
export const AnyErrorBody = v.union([ErrorBody, ValidationErrorBody]);
