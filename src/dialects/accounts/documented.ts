import * as v from 'valibot';
import * as jsonPatch from '../../http/json-patch.ts';
import { namedSchemas } from '../../http/openapi/named-schemas.ts';
import type { DocumentedDialect } from '../../http/routes/dialect.ts';
import type { Failure } from '../../model/failure.ts';
import { examples as ofClients } from './clients/examples.ts';
import * as clients from './clients/schemas.ts';
import { examples as ofEmails } from './emails/examples.ts';
import * as emails from './emails/schemas.ts';
import { toWire } from './errors.ts';
import { examples as common } from './examples.ts';
import { accounts } from './index.ts';
import { parameters } from './parameters.ts';
import * as branding from './resellers/branding.ts';
import { examples as ofResellers } from './resellers/examples.ts';
import * as resellers from './resellers/schemas.ts';
import * as wire from './schemas.ts';
import { examples as ofStorage } from './storage/examples.ts';
import * as storage from './storage/schemas.ts';
import { examples as ofUsers } from './users/examples.ts';
import * as users from './users/schemas.ts';

const examples = { ...ofResellers, ...ofUsers, ...ofClients, ...ofEmails, ...ofStorage, ...common };
const modules = [resellers, branding, users, clients, emails, storage, jsonPatch, wire];

function wordsOf(failure: Failure): string {
  if (failure.kind === 'invalid') return 'The request is not valid.';
  return v.parse(wire.ErrorBody, toWire(failure, 0).body).message;
}

export const documentedAccounts: DocumentedDialect = {
  ...accounts,
  schemas: namedSchemas(examples, modules),
  examples,
  errorSchema: wire.ErrorBody,
  wordsOf,
  parameters,
};
