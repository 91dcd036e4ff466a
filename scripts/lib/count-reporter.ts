import { writeFileSync } from 'node:fs';
import type { TestModule } from 'vitest/node';

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

export const COUNTS_FILE = 'COUNTS_FILE';

/** vitest's JSON reporter prints the file's path. */
export default class CountReporter {
  onTestRunEnd(files: readonly TestModule[]): void {
    const states = files.flatMap((file) => Array.from(file.children.allTests(), (test) => test.result().state));
    const count = (searched: (typeof states)[number]) => states.filter((state) => state === searched).length;
    const counts: Counts = {
      passed: count('passed'),
      failed: count('failed') + files.filter(isBroken).length,
      skipped: count('skipped') + count('pending'),
    };
    writeFileSync(process.env[COUNTS_FILE] ?? '', JSON.stringify(counts));
  }
}

/** Counts as one failure. */
function isBroken(file: TestModule): boolean {
  if (file.state() === 'passed' || file.state() === 'skipped') return false;
  return Array.from(file.children.allTests('failed')).length === 0;
}
