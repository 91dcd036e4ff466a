import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { Complaint } from './complaint.ts';
import { inRoot, root } from './root.ts';

const Result = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  numPendingTests: v.number(),
  testResults: v.array(v.object({ status: v.string(), assertionResults: v.array(v.object({ status: v.string() })) })),
});
export type Summary = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly ok: boolean;
};

/** Runs vitest in view of the reader, and says what its own JSON report counts. */
export async function runTests(args: readonly string[]): Promise<Summary> {
  const folder = await mkdtemp(join(tmpdir(), 'reseller-edge-test-'));
  try {
    const report = join(folder, 'report.json');
    const flags = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args];
    const { status } = spawnSync(inRoot('node_modules', '.bin', 'vitest'), flags, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return { ...(await readReport(report)), ok: status === 0 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readReport(path: string): Promise<Omit<Summary, 'ok'>> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Complaint('vitest ended without a report.');
  });
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = v.parse(Result, JSON.parse(text));
  return { passed: numPassedTests, failed: numFailedTests + brokenFiles(testResults), skipped: numPendingTests };
}

/** Files that failed before or beside their tests count as a failure each. */
function brokenFiles(files: v.InferOutput<typeof Result>['testResults']): number {
  return files.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  ).length;
}
