/**
 * `npm run bootstrap`: creates an API client in the database and prints its secret once. Without `--reseller` it is the
 * operator's. `--scopes` limits it, `--revoke` ends one, `--local` uses the database of `npm start`.
 */
import { uuidv7 } from 'uuidv7';
import { newClientSecret } from '../src/auth/secrets/client-secret.ts';
import type { AuditType } from '../src/model/events/audit.ts';
import { CommandError, main } from './lib/command-error.ts';
import { readCommandLine } from './lib/command-line.ts';
import { execute, quote } from './lib/database/d1.ts';
import { scopesFor } from './lib/deployment/api-client.ts';

type BootstrapOptions = {
  readonly reseller: string | null;
  readonly name: string;
  readonly scopes: string | null;
  readonly revoke: string | null;
  readonly local: boolean;
};

await main(async () => {
  const { reseller, name, scopes, revoke, local } = readArguments();
  if (revoke !== null) return revokeClient(revoke, local);
  const granted = scopesFor(reseller, scopes);
  const { secret, secretHash } = await newClientSecret();
  const client = { id: uuidv7(), secret };
  const sql = insertClient(client.id, reseller, name, granted, secretHash);
  const [created = []] = await execute(`${sql}; ${auditEntrySql('client.created', client.id, 'after')}`, local);
  if (created.length === 0) throw new CommandError(`There is no reseller ${reseller}.`);
  console.log(`Made the API client "${name}". Its secret is shown this once:\n`);
  console.log(`  client id      ${client.id}\n  client secret  ${client.secret}`);
  if (reseller !== null) console.log(`\nFor /reseller also as  Authorization: ApiKey ${client.id}.${client.secret}`);
});

function readArguments(): BootstrapOptions {
  return readCommandLine(
    'npm run bootstrap -- [--reseller <id>] [--name <name>] [--scopes "<scope> …"] [--revoke <client id>] [--local]',
    {
      options: {
        reseller: { type: 'string' },
        name: { type: 'string' },
        scopes: { type: 'string' },
        revoke: { type: 'string' },
        local: { type: 'boolean', default: false },
      },
    },
    ({ values }) => {
      const reseller = values.reseller?.toLowerCase() ?? null;
      return {
        reseller,
        name: values.name ?? (reseller === null ? 'Operator' : 'Back office'),
        scopes: values.scopes ?? null,
        revoke: values.revoke ?? null,
        local: values.local,
      };
    },
  );
}

/** Returns no row if the reseller does not exist. */
function insertClient(id: string, reseller: string | null, name: string, scopes: string, secretHash: string): string {
  const values = [id, reseller, name, secretHash, scopes].map(quote);
  const condition =
    reseller === null ? '1' : `EXISTS (SELECT 1 FROM resellers WHERE id = ${quote(reseller)} AND deleted_at IS NULL)`;
  return `INSERT INTO api_clients (id, reseller_id, name, secret_hash, scopes, created_at)
    SELECT ${values.join(', ')}, ${Date.now()} WHERE ${condition} RETURNING id`;
}

async function revokeClient(id: string, local: boolean): Promise<void> {
  const sql = `UPDATE api_clients SET revoked_at = ${Date.now()} WHERE id = ${quote(id)} AND revoked_at IS NULL RETURNING id`;
  const [revoked = []] = await execute(`${sql}; ${auditEntrySql('client.revoked', id, 'before')}`, local);
  if (revoked.length === 0) throw new CommandError(`There is no API client ${id} to revoke.`);
  console.log(`The API client ${id} is revoked.`);
}

function auditEntrySql(type: AuditType, id: string, column: 'before' | 'after'): string {
  const values = [uuidv7(), type, 'system:bootstrap', id, uuidv7()].map(quote);
  const scopes = `json(iif(scopes = '', '[]', '["' || replace(scopes, ' ', '","') || '"]'))`;
  const state = `json_object('id', id, 'name', name, 'scopes', ${scopes}, 'createdAt', created_at)`;
  return `INSERT INTO events (id, type, actor, subject, request_id, reseller_id, ${column}, occurred_at, audit_only)
    SELECT ${values.join(', ')}, reseller_id, ${state}, ${Date.now()}, 1 FROM api_clients WHERE id = ${quote(id)} AND changes() > 0`;
}
