import { REMOVAL_RUN_MS } from '../model/limits/index.ts';
import type { WorkerContext } from './worker-context.ts';

/** Returns whether all work is done. */
export async function runChunks({ now }: Pick<WorkerContext, 'now'>, chunk: () => Promise<boolean>): Promise<boolean> {
  const deadline = now() + REMOVAL_RUN_MS;
  do {
    if (await chunk()) return true;
  } while (now() < deadline);
  return false;
}
