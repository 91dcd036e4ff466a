import { relative } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { root } from './root.ts';

/** What keeps us from going on, in one line for the person at the terminal. */
export class Complaint extends Error {}

/** Runs a script's work; whatever it cannot do becomes one line on stderr and exit code 1. */
export async function main(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(oneLine(error));
    process.exit(1);
  }
}

function oneLine(error: unknown): string {
  if (error instanceof Complaint) return error.message;
  if (!isRefusedWrite(error)) throw error;
  const path = relative(root, error.path) || 'this folder';
  return `Cannot write ${path}: ${getSystemErrorMessage(error.errno)} (${error.code}).`;
}

/** The file system's refusals: no permission, a file where a folder should be, a full disk. A file missing is our fault. */
function isRefusedWrite(error: unknown): error is { path: string; errno: number; code: string } {
  const refusal = error instanceof Error && 'path' in error && 'errno' in error && 'code' in error;
  return refusal && error.code !== 'ENOENT';
}
