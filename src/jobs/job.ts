import type { WorkerContext } from '../delivery/worker-context.ts';
import type { JobName } from '../model/jobs/jobs.ts';

/** What one chunk did, by kind, and whether there may be more of it. */
export type Chunk = { readonly counts: Readonly<Record<string, number>>; readonly more: boolean };

/** A part of a job that goes chunk by chunk. One that fails keeps the others going. Each may be repeated, and run twice at once. */
export type JobStep = { readonly name: string; readonly chunk: (worker: WorkerContext) => Promise<Chunk> };

export type Job = {
  readonly name: JobName;
  /** The most chunks of one run. */
  readonly chunks: number;
  /** What there is to do in this run. */
  readonly steps: (worker: WorkerContext) => Promise<readonly JobStep[]> | readonly JobStep[];
  /** Ends every run, even one that leaves something of its steps to the next. */
  readonly last?: JobStep;
};
