const EACH_MINUTE = '* * * * *';

/** What runs in the background, in this order, and when (cron, UTC). */
export const JOBS = [
  { name: 'sweep', schedule: EACH_MINUTE },
  { name: 'sign-out', schedule: EACH_MINUTE },
  { name: 'sign-in-failures', schedule: EACH_MINUTE },
  { name: 'invitations', schedule: EACH_MINUTE },
  { name: 'seal', schedule: EACH_MINUTE },
  { name: 'reseal', schedule: EACH_MINUTE },
  { name: 'purge', schedule: EACH_MINUTE },
  { name: 'deleted-resellers', schedule: EACH_MINUTE },
  { name: 'discard', schedule: EACH_MINUTE },
] as const;

export type JobName = (typeof JOBS)[number]['name'];

/** How the last run of a job went. Times are milliseconds since the epoch; null: never. */
export type JobState = {
  readonly name: JobName;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** The end of the last run of which nothing failed. */
  readonly succeededAt: number | null;
  /** Later than now while it runs; of a run that died, until another may. */
  readonly leasedUntil: number;
  /** Of the last run that ended, as is all below. */
  readonly durationMs: number | null;
  /** What it did, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Whether it left something for the next one. */
  readonly more: boolean;
  /** What failed of it, and with which kind of error. */
  readonly failures: readonly string[];
  /** Since when the oldest row that is the job's to deal with waits for it; null: none does. */
  readonly waitingSince: number | null;
};
