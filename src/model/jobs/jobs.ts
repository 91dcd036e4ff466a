const EACH_MINUTE = '* * * * *';

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

export type JobState = {
  readonly name: JobName;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly succeededAt: number | null;
  readonly leasedUntil: number;
  readonly durationMs: number | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly more: boolean;
  readonly failures: readonly string[];
  readonly waitingSince: number | null;
};
