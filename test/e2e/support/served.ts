import { afterAll, beforeAll } from 'vitest';
import { freePort } from './ports.ts';
import { type Run, startScript, startServer, stopServer } from './server.ts';
import { cloneTree, type Tree } from './tree.ts';

/** A tree of a file's own that is served on a free port while its tests run. */
export function serveTree(): Tree {
  const tree = cloneTree();
  let server: Run | undefined;
  beforeAll(async () => {
    server = await startServer(tree, startScript, await freePort());
  });
  afterAll(async () => {
    if (server !== undefined) await stopServer(server);
    tree.remove();
  });
  return tree;
}
