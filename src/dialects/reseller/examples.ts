import { defined } from '../../domain/update.ts';
import { ORGANIZATION_DEFAULTS } from '../../model/resellers/organization.ts';
import { fromCustomer, toCustomer } from './present.ts';

const NewCustomer = {
  name: 'Example Customer',
  organizational_info: {
    company_name: 'Example Customer GmbH',
    industry: 'Logistics',
    number_of_employees: 120,
    sector: 'Freight',
    paragraph_203_StGB_applies: false,
    address: {
      address_line_1: 'Hauptstraße 1',
      address_line_2: '',
      city: 'Saarbrücken',
      zip_code: '66111',
      country: 'DE',
    },
    additional_sensitive_personal_data_attributes: '',
  },
  use_technical_interface: false,
};
const CustomerId = { customer_id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b34' };
const NewUser = {
  username: 'jane.doe@example.com',
  role: 'user',
  first_name: 'Jane',
  last_name: 'Doe',
  job_title: 'Engineer',
  communication_language: 'en',
  phone: '+49 681 000000',
};
const UserId = { user_id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b35' };
const { communication_language: _, phone: __, ...shown } = NewUser;

export const examples = {
  NewCustomer,
  CustomerChanges: { organizational_info: { address: { city: 'Berlin', zip_code: '10115' } } },
  OrganizationalInfo: NewCustomer.organizational_info,
  CustomerId,
  Customer: toCustomer({
    id: CustomerId.customer_id,
    resellerId: '',
    createdAt: 0,
    updatedAt: 0,
    ...ORGANIZATION_DEFAULTS,
    ...defined(fromCustomer(NewCustomer)),
    name: NewCustomer.name,
  }),
  NewUser,
  UserChanges: { job_title: 'Lead Engineer' },
  UserId,
  User: { ...UserId, ...shown },
  TokenRequest: { grant_type: 'password', username: NewUser.username, password: 'correct horse battery' },
  Tokens: { access_token: 'eyJhbGciOi…', token_type: 'bearer', expires_in: 900, refresh_token: 'q8Xr…' },
  ErrorBody: { detail: 'Customer not found.' },
  ValidationErrorBody: { detail: [{ loc: ['body', 'name'], msg: 'Is required.', type: 'missing' }] },
};
