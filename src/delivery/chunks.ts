import { REMOVAL_RUN_MS } from '../model/limits/index.ts';
import type { WorkerContext } from './worker-context.ts';

/** Does chunk after chunk until one says that it was the last, or the time is up. Says whether all is done. */
export async function doChunks({ now }: Pick<WorkerContext, 'now'>, chunk: () => Promise<boolean>): Promise<boolean> {
  const endBy = now() + REMOVAL_RUN_MS;
  do {
    if (await chunk()) return true;
  } while (now() < endBy);
  return false;
}
