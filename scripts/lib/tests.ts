import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from './command-error.ts';
import { COUNTS_FILE, type Counts } from './count-reporter.ts';
import { inRoot, root } from './root.ts';

/** Throws a Complaint if no test file matches. */
export async function runTests(args: readonly string[]): Promise<Counts & { readonly ok: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'reseller-edge-test-'));
  try {
    const file = join(folder, 'counts.json');
    const reporters = ['--reporter=default', `--reporter=${inRoot('scripts', 'lib', 'count-reporter.ts')}`];
    const { status } = spawnSync(inRoot('node_modules', '.bin', 'vitest'), ['run', ...reporters, ...args], {
      cwd: root,
      env: { ...process.env, [COUNTS_FILE]: file },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const counts = await readCounts(file);
    if (counts.passed + counts.failed + counts.skipped === 0) throw new CommandError(noneMatches(args));
    return { ...counts, ok: status === 0 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readCounts(file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError('vitest ended without a report.');
  });
  return JSON.parse(text) as Counts;
}

function noneMatches(args: readonly string[]): string {
  return `No test file matches ${args.filter((one) => !one.startsWith('-')).join(', ') || 'that'}.`;
}
