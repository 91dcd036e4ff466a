import { bearerOrApiKey } from '../../http/bearer.ts';
import type { Dialect } from '../../http/dialect.ts';
import { customers } from './customers.ts';
import { faultBody, toWire } from './errors.ts';
import { examples } from './examples.ts';
import * as wire from './schemas.ts';
import { token } from './token.ts';
import { TokenRequest, Tokens } from './token-schemas.ts';
import { users } from './users.ts';

const { NewCustomer, CustomerChanges, OrganizationalInfo, CustomerId, Customer } = wire;
const { NewUser, UserChanges, UserId, User, ErrorBody, ValidationErrorBody } = wire;

/** Customers and their users in snake_case, the realm taken from the credential, errors as FastAPI's (contracts: reseller). */
export const reseller: Dialect = {
  name: 'reseller',
  base: '/reseller',
  title: 'Reseller Endpoints',
  description:
    'The customers of your realm and their users. The realm is the reseller of your credential. A PUT is partial: what is left out or null stays as it is, at every depth.',
  realm: 'token',
  security: ['oauth', 'apiKey'],
  authenticate: bearerOrApiKey,
  routes: [...customers, ...users, ...token],
  toWire,
  schemas: {
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
  },
  examples,
  errorSchema: wire.AnyErrorBody,
  faultBody,
  rateHeaders: ({ limit, remaining, resetMs }) => ({
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetMs / 1000)),
  }),
};
