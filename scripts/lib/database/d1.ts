import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandError } from '../command-error.ts';
import { stateFolder, wranglerCli } from '../deployment/wrangler.ts';
import { root } from '../root.ts';

/** D1 answers with at most 100 MB. */
const ANSWER_MAX_BYTES = 128 * 1024 * 1024;

export const NO_DATABASE = 'There is no database yet, or none that migrations were applied to.';

export type Rows = readonly Readonly<Record<string, unknown>>[];

export async function execute(sql: string, local: boolean): Promise<readonly Rows[]> {
  const target = local ? ['--local', '--persist-to', stateFolder] : ['--remote'];
  const args = [wranglerCli, 'd1', 'execute', 'DB', ...target, '--yes', '--json', '--command', sql];
  const run = promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    maxBuffer: ANSWER_MAX_BYTES,
  });
  const { stdout } = await run.catch((error: { stdout?: string; stderr?: string }) => {
    const output = error.stderr || error.stdout || '';
    throw new CommandError(
      output.includes('no such table') ? NO_DATABASE : `wrangler could not reach the database:\n${output}`,
    );
  });
  return (JSON.parse(stdout) as { results: Rows }[]).map(({ results }) => results);
}

/** sqlite.org/lang_expr.html#literal_values_constants_ */
export function quote(value: string | null): string {
  if (value === null) return 'NULL';
  if (value.includes('\0')) throw new CommandError('A name must not contain NUL.');
  return `'${value.replaceAll("'", "''")}'`;
}
