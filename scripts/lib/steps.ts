import { spawnSync } from 'node:child_process';
import { Complaint } from './complaint.ts';
import { inRoot, root } from './root.ts';

/** One of the checks of `npm test`: a program of node_modules/.bin with its arguments. */
export type Step = { readonly name: string; readonly run: readonly [program: string, ...args: string[]] };

/** Runs a check in silence. Throws a Complaint that carries its output where it fails. */
export function runStep({ name, run: [program, ...args] }: Step): void {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(inRoot('node_modules', '.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Complaint(`${stdout}${stderr}\n${name}: failed`);
  console.log(`${name}: ok (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
}
