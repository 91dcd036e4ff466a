import { dirname, join } from 'node:path';

/** The folder of the project. */
export const root = dirname(dirname(import.meta.dirname));

/** A path within the project. */
export function inRoot(...parts: string[]): string {
  return join(root, ...parts);
}
