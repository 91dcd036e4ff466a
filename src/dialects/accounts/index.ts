import { bearer } from '../../http/bearer.ts';
import type { Dialect } from '../../http/dialect.ts';
import { accountRoutes } from './accounts.ts';
import { branding } from './branding.ts';
import { clients } from './clients.ts';
import { faultBody, toWire } from './errors.ts';
import { statusUpdates } from './status-updates.ts';
import { storageAccounts } from './storage-accounts.ts';
import { storageObjects } from './storage-objects.ts';
import { users } from './users.ts';

/** Accounts, their users and what roles open, in envelopes, with JSON Patch (contracts: accounts). */
export const accounts: Dialect = {
  name: 'accounts',
  base: '/v1.0/accounts',
  title: 'Accounts API v1.0',
  description:
    'Accounts (resellers) and their users, whose roles decide what they may do. A PATCH is a JSON Patch: all of its operations, or none.',
  realm: 'path',
  security: ['oauth'],
  authenticate: bearer,
  routes: [
    ...accountRoutes,
    ...users,
    ...branding,
    ...clients,
    ...statusUpdates,
    ...storageAccounts,
    ...storageObjects,
  ],
  toWire,
  faultBody,
  rateHeaders: ({ limit, remaining, resetMs }) => ({
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetMs / 1000)),
  }),
};
