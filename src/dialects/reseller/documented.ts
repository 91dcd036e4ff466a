import type { Documented } from '../../http/dialect.ts';
import { examples } from './examples.ts';
import { reseller } from './index.ts';
import * as wire from './schemas.ts';
import { TokenRequest, Tokens } from './token-schemas.ts';

const { NewCustomer, CustomerChanges, OrganizationalInfo, CustomerId, Customer } = wire;
const { NewUser, UserChanges, UserId, User, ErrorBody, ValidationErrorBody } = wire;
const schemas = {
  NewCustomer,
  CustomerChanges,
  OrganizationalInfo,
  CustomerId,
  Customer,
  NewUser,
  UserChanges,
  UserId,
  User,
  TokenRequest,
  Tokens,
  ErrorBody,
  ValidationErrorBody,
};

export const documentedReseller: Documented = {
  ...reseller,
  schemas,
  examples,
  errorSchema: wire.AnyErrorBody,
  parameters: { customer_id: 'The id of the customer.', user_id: 'The id of the user.' },
};
