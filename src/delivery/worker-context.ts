import type { Db } from '../db/sql/statement.ts';
import type { Env } from '../env.ts';

export type WorkerContext = {
  readonly env: Env;
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
  readonly random: () => number;
  readonly fetch: typeof fetch;
  /** Leaves the database to other requests. */
  readonly pause: (ms: number) => Promise<void>;
  /** Continues after the consumer returns. Failures are logged. */
  readonly detach: (work: Promise<void>) => void;
};
