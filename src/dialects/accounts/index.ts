import { bearer } from '../../http/bearer.ts';
import type { Dialect } from '../../http/dialect.ts';
import { JsonPatch } from '../../http/json-patch.ts';
import { Account, Metrics, NewAccount } from './account-schemas.ts';
import { accountRoutes } from './accounts.ts';
import { Branding, branding, NewBranding } from './branding.ts';
import { Client, ClientWithSecret, NewClient } from './client-schemas.ts';
import { clients } from './clients.ts';
import { faultBody, toWire } from './errors.ts';
import { examples } from './examples.ts';
import * as wire from './schemas.ts';
import { statusExamples } from './status-examples.ts';
import { NewStatusUpdate, StatusUpdate } from './status-schemas.ts';
import { statusUpdates } from './status-updates.ts';
import { storageAccounts } from './storage-accounts.ts';
import { storageExamples } from './storage-examples.ts';
import { storageObjects } from './storage-objects.ts';
import * as storage from './storage-schemas.ts';
import { users } from './users.ts';

const { NewUser, User, ErrorBody } = wire;
const { NewStorageAccount, StorageAccount, StoredObject } = storage;

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
  schemas: {
    NewAccount,
    Account,
    Metrics,
    NewUser,
    User,
    JsonPatch,
    NewBranding,
    Branding,
    NewClient,
    Client,
    ClientWithSecret,
    NewStatusUpdate,
    StatusUpdate,
    NewStorageAccount,
    StorageAccount,
    StoredObject,
    ErrorBody,
  },
  examples: { ...examples, ...statusExamples, ...storageExamples },
  errorSchema: ErrorBody,
  faultBody,
  rateHeaders: ({ limit, remaining, resetMs }) => ({
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetMs / 1000)),
  }),
};
