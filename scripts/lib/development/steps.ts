import { spawnSync } from 'node:child_process';
import { CommandError } from '../command-error.ts';
import { inRoot, root } from '../root.ts';

export type Step = { readonly name: string; readonly run: readonly [program: string, ...args: string[]] };

/** Throws a Complaint with its output. */
export function runStep({ name, run: [program, ...args] }: Step): void {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(inRoot('node_modules', '.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new CommandError(`${stdout}${stderr}\n${name}: failed`);
  console.log(`${name}: ok (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
}
