import type { WorkerContext } from '../delivery/worker-context.ts';
import type { JobName } from '../model/jobs/jobs.ts';

export type ChunkResult = { readonly counts: Readonly<Record<string, number>>; readonly more: boolean };

/** Must be safe to repeat and to run concurrently. A failing step does not stop the others. */
export type JobStep = { readonly name: string; readonly chunk: (worker: WorkerContext) => Promise<ChunkResult> };

export type Job = {
  readonly name: JobName;
  readonly chunks: number;
  readonly steps: (worker: WorkerContext) => Promise<readonly JobStep[]> | readonly JobStep[];
  /** Runs last, even if other steps have work left. */
  readonly last?: JobStep;
};
