import { bearer } from '../../http/callers/bearer.ts';
import type { Dialect } from '../../http/routes/dialect.ts';
import { clients } from './clients/clients.ts';
import { statusUpdates } from './emails/status-updates.ts';
import { faultBody, toWire } from './errors.ts';
import { accountRoutes } from './resellers/accounts.ts';
import { branding } from './resellers/branding.ts';
import { storageAccounts } from './storage/storage-accounts.ts';
import { storageObjects } from './storage/storage-objects.ts';
import { users } from './users/users.ts';

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
