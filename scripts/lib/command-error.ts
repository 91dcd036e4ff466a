import { relative } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { root } from './root.ts';

/** An error for the person at the terminal, on one line. */
export class CommandError extends Error {}

export async function main(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(oneLine(error));
    process.exit(1);
  }
}

function oneLine(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (!isRefusedWrite(error)) throw error;
  const path = relative(root, error.path) || 'this folder';
  return `Cannot write ${path}: ${getSystemErrorMessage(error.errno)} (${error.code}).`;
}

/** ENOENT is a bug. */
function isRefusedWrite(error: unknown): error is { path: string; errno: number; code: string } {
  const refusal = error instanceof Error && 'path' in error && 'errno' in error && 'code' in error;
  return refusal && error.code !== 'ENOENT';
}
