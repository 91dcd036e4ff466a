import * as v from 'valibot';
import { Country } from '../../domain/resellers/country.ts';
import { StrongPassword } from '../../model/factors/password.ts';
import { Email, Id, Name, text } from '../../model/fields.ts';
import { LANGUAGES } from '../../model/language.ts';
import { EMPLOYEES_MAX, TEXT_MAX_CHARS } from '../../model/limits/index.ts';

/** What the reseller dialect takes and gives on the wire (contracts: reseller). Requests first, replies below. */

/** Left out or null: not given when something is made, unchanged when it is changed. */
const maybe = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema));
const AnyText = maybe(text(0, TEXT_MAX_CHARS));

export const OrganizationalInfo = v.object({
  company_name: AnyText,
  industry: AnyText,
  number_of_employees: maybe(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(EMPLOYEES_MAX))),
  sector: AnyText,
  paragraph_203_StGB_applies: maybe(v.boolean()),
  address: maybe(
    v.object({
      address_line_1: AnyText,
      address_line_2: AnyText,
      city: AnyText,
      zip_code: AnyText,
      country: maybe(Country),
    }),
  ),
  additional_sensitive_personal_data_attributes: AnyText,
});

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
  organizational_info: v.object({
    company_name: v.string(),
    industry: v.string(),
    number_of_employees: v.nullable(v.pipe(v.number(), v.integer())),
    sector: v.string(),
    paragraph_203_StGB_applies: v.boolean(),
    address: v.object({
      address_line_1: v.string(),
      address_line_2: v.string(),
      city: v.string(),
      zip_code: v.string(),
      /** Null: nobody has said, or it was said in v3 and is no code. */
      country: v.nullable(v.string()),
    }),
    additional_sensitive_personal_data_attributes: v.string(),
  }),
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
