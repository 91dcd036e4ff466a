import type { Db } from '../db/sql/statement.ts';
import type { Env } from '../env.ts';

/** What work in the background needs: its database, its queues, and the world's clock, chance and network. */
export type WorkerContext = {
  readonly env: Env;
  readonly db: Db;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: () => string;
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number;
  readonly fetch: typeof fetch;
  /** Waits so long, milliseconds, so that others have the database meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
  /** Lets work go on after the consumer has returned. What fails of it is logged. */
  readonly detach: (work: Promise<void>) => void;
};
