import * as v from 'valibot';
import { namedSchemas } from '../../http/openapi/named-schemas.ts';
import type { DocumentedDialect } from '../../http/routes/dialect.ts';
import type { Failure } from '../../model/failure.ts';
import { toWire } from './errors.ts';
import * as auditLog from './events/audit-log.ts';
import { examples as ofEvents } from './events/examples.ts';
import { examples as common } from './examples.ts';
import * as reauthentication from './factors/reauthentication.ts';
import { v3 } from './index.ts';
import { examples as ofJobs } from './jobs/examples.ts';
import * as jobs from './jobs/jobs.ts';
import { parameters } from './parameters.ts';
import { examples as ofResellers } from './resellers/examples.ts';
import * as resellers from './resellers/schemas.ts';
import * as signInSettings from './resellers/sign-in-settings.ts';
import * as wire from './schemas.ts';
import { examples as ofSessions } from './sessions/examples.ts';
import * as sessions from './sessions/schemas.ts';
import { examples as ofSignIn } from './sign-in/examples.ts';
import * as signIn from './sign-in/schemas.ts';
import { examples as ofUsers } from './users/examples.ts';
import * as ownData from './users/export-schemas.ts';
import * as users from './users/schemas.ts';
import { examples as ofWebhooks } from './webhooks/examples.ts';
import * as webhooks from './webhooks/schemas.ts';

const examples = {
  ...ofResellers,
  ...ofUsers,
  ...ofWebhooks,
  ...ofSignIn,
  ...ofSessions,
  ...ofEvents,
  ...ofJobs,
  ...common,
};
const modules = [
  resellers,
  signInSettings,
  users,
  ownData,
  webhooks,
  signIn,
  sessions,
  reauthentication,
  auditLog,
  jobs,
  wire,
];

function wordsOf(failure: Failure): string {
  const { code, message } = v.parse(wire.ErrorBody, toWire(failure).body);
  return `\`${code}\`: ${message}`;
}

export const documentedV3: DocumentedDialect = {
  ...v3,
  schemas: namedSchemas(examples, modules),
  examples,
  errorSchema: wire.ErrorBody,
  wordsOf,
  parameters,
};
