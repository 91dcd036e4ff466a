import { writeFileSync } from 'node:fs';
import type { TestModule } from 'vitest/node';

/** What a run of tests came to. */
export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** The environment's name for the file to write to. */
export const COUNTS_FILE = 'COUNTS_FILE';

/** A reporter of vitest that writes the counts into a file; vitest's own of that kind says in the terminal where the file is. */
export default class CountReporter {
  onTestRunEnd(files: readonly TestModule[]): void {
    const states = files.flatMap((file) => Array.from(file.children.allTests(), (test) => test.result().state));
    const count = (wanted: (typeof states)[number]) => states.filter((state) => state === wanted).length;
    const counts: Counts = {
      passed: count('passed'),
      failed: count('failed') + files.filter(isBroken).length,
      skipped: count('skipped') + count('pending'),
    };
    writeFileSync(process.env[COUNTS_FILE] ?? '', JSON.stringify(counts));
  }
}

/** Files that failed before or beside their tests, or did not come to their end, count as a failure each. */
function isBroken(file: TestModule): boolean {
  if (file.state() === 'passed' || file.state() === 'skipped') return false;
  return Array.from(file.children.allTests('failed')).length === 0;
}
