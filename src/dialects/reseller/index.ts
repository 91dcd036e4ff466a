import { bearerOrApiKey } from '../../http/callers/bearer.ts';
import type { Dialect } from '../../http/routes/dialect.ts';
import { customers } from './customers.ts';
import { faultBody, toWire } from './errors.ts';
import { token } from './token.ts';
import { users } from './users.ts';

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
  faultBody,
  rateHeaders: ({ limit, remaining, resetMs }) => ({
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetMs / 1000)),
  }),
};
