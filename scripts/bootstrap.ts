/**
 * `npm run bootstrap`: makes an API client in the deployed database and prints its secret, which is kept nowhere else.
 * Without --reseller an operator's, which may do everything; `--revoke` ends one; `--local` takes the database of
 * `npm start`.
 */
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { uuidv7 } from 'uuidv7';
import { newClientSecret } from '../src/auth/client-secret.ts';
import { allScopes } from './lib/api-client.ts';
import { Complaint, main } from './lib/complaint.ts';
import { root } from './lib/root.ts';
import { stateFolder, wranglerCli } from './lib/wrangler.ts';

type Values = {
  readonly reseller: string | null;
  readonly name: string;
  readonly revoke: string | null;
  readonly local: boolean;
};

await main(async () => {
  const { reseller, name, revoke, local } = readArguments();
  if (revoke !== null) return revokeClient(revoke, local);
  const { secret, secretHash } = await newClientSecret();
  const client = { id: uuidv7(), secret };
  const sql = insertClient(client.id, reseller, name, secretHash);
  const made = await execute(sql, local);
  if (made === 0) throw new Complaint(`There is no reseller ${reseller}.`);
  console.log(`Made the API client "${name}". Its secret is shown this once:\n`);
  console.log(`  client id      ${client.id}\n  client secret  ${client.secret}`);
  if (reseller !== null) console.log(`\nFor /reseller also as  Authorization: ApiKey ${client.id}.${client.secret}`);
});

function readArguments(): Values {
  try {
    const { values } = parseArgs({
      options: {
        reseller: { type: 'string' },
        name: { type: 'string' },
        revoke: { type: 'string' },
        local: { type: 'boolean', default: false },
      },
    });
    const reseller = values.reseller?.toLowerCase() ?? null;
    return {
      reseller,
      name: values.name ?? (reseller === null ? 'Operator' : 'Back office'),
      revoke: values.revoke ?? null,
      local: values.local,
    };
  } catch {
    throw new Complaint(
      'Usage: npm run bootstrap -- [--reseller <id>] [--name <name>] [--revoke <client id>] [--local]',
    );
  }
}

/** Gives one row where the client was made, none where its reseller is not there. */
function insertClient(id: string, reseller: string | null, name: string, secretHash: string): string {
  const values = [id, reseller, name, secretHash, allScopes(reseller)].map(quote);
  const condition =
    reseller === null ? '1' : `EXISTS (SELECT 1 FROM resellers WHERE id = ${quote(reseller)} AND deleted_at IS NULL)`;
  return `INSERT INTO api_clients (id, reseller_id, name, secret_hash, scopes, created_at)
    SELECT ${values.join(', ')}, ${Date.now()} WHERE ${condition} RETURNING id`;
}

async function revokeClient(id: string, local: boolean): Promise<void> {
  const sql = `UPDATE api_clients SET revoked_at = ${Date.now()} WHERE id = ${quote(id)} AND revoked_at IS NULL RETURNING id`;
  if ((await execute(sql, local)) === 0) throw new Complaint(`There is no API client ${id} to revoke.`);
  console.log(`The API client ${id} is revoked.`);
}

/** A string literal of SQLite (sqlite.org/lang_expr.html#literal_values_constants_); NUL would end the statement. */
function quote(value: string | null): string {
  if (value === null) return 'NULL';
  if (value.includes('\0')) throw new Complaint('A name must not contain NUL.');
  return `'${value.replaceAll("'", "''")}'`;
}

/** Runs one statement by wrangler and counts the rows that it gives. */
async function execute(sql: string, local: boolean): Promise<number> {
  const place = local ? ['--local', '--persist-to', stateFolder] : ['--remote'];
  const args = [wranglerCli, 'd1', 'execute', 'DB', ...place, '--yes', '--json', '--command', sql];
  const run = promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  const { stdout } = await run.catch((error: { stdout?: string; stderr?: string }) => {
    throw new Complaint(`wrangler could not write to the database:\n${error.stderr || error.stdout}`);
  });
  const [answer] = JSON.parse(stdout) as [{ results: unknown[] }];
  return answer.results.length;
}
