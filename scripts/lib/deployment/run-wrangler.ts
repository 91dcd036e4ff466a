import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandError } from '../command-error.ts';
import { root } from '../root.ts';
import { wranglerCli } from './wrangler.ts';

const OUTPUT_MAX_BYTES = 1024 ** 3;

/** Throws a Complaint with wrangler's output. */
export async function runWrangler(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' };
  const run = promisify(execFile)(process.execPath, [wranglerCli, ...args], {
    cwd: root,
    env,
    maxBuffer: OUTPUT_MAX_BYTES,
  });
  const { stdout } = await run.catch((error: { stdout?: string; stderr?: string }) => {
    throw new CommandError(`wrangler ${args.slice(0, 3).join(' ')} failed:\n${error.stderr || error.stdout}`);
  });
  return stdout;
}
