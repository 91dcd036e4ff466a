import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = dirname(dirname(dirname(import.meta.dirname)));

/** What git would bring to a fresh machine, as far as the server needs it. */
const tracked = ['package.json', 'package-lock.json', 'wrangler.toml', 'tsconfig.json', 'migrations', 'scripts', 'src'];

export type Tree = {
  readonly folder: string;
  readonly path: (...parts: string[]) => string;
  readonly remove: () => void;
};

/**
 * A copy of the project as just cloned, but with the packages in place: the server runs there as it does for everybody,
 * without a setting for tests, and never sees the developer's own keys and data.
 */
export function cloneTree(): Tree {
  const folder = mkdtempSync(join(tmpdir(), 'reseller-edge-'));
  for (const name of tracked) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    path: (...parts) => join(folder, ...parts),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
