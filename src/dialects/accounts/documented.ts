import * as v from 'valibot';
import { JsonPatch } from '../../http/json-patch.ts';
import type { Documented } from '../../http/routes/dialect.ts';
import type { Failure } from '../../model/failure.ts';
import { Client, ClientWithSecret, NewClient } from './clients/client-schemas.ts';
import { statusExamples } from './emails/status-examples.ts';
import { NewStatusUpdate, StatusUpdate } from './emails/status-schemas.ts';
import { toWire } from './errors.ts';
import { examples } from './examples.ts';
import { accounts } from './index.ts';
import { parameters } from './parameters.ts';
import { Account, Metrics, NewAccount } from './resellers/account-schemas.ts';
import { Branding, NewBranding } from './resellers/branding.ts';
import { storageExamples } from './storage/storage-examples.ts';
import * as storage from './storage/storage-schemas.ts';
import * as wire from './users/schemas.ts';

const { NewUser, User, ErrorBody } = wire;
const { NewStorageAccount, StorageAccount, StoredObject } = storage;
const schemas = {
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
};

function wordsOf(failure: Failure): string {
  return failure.kind === 'invalid' ? 'The request is not valid.' : v.parse(ErrorBody, toWire(failure, 0).body).message;
}

export const documentedAccounts: Documented = {
  ...accounts,
  schemas,
  examples: { ...examples, ...statusExamples, ...storageExamples },
  errorSchema: ErrorBody,
  wordsOf,
  parameters,
};
