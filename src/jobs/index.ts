import type { Background } from '../delivery/background.ts';
import { discard } from './discard.ts';
import { purge } from './purge.ts';
import { seal } from './seal.ts';
import { signOut } from './sign-out.ts';
import { sweep } from './sweep.ts';

type Job = (background: Background) => Promise<void>;

/** What runs at which cron expression; wrangler.toml lists the same expressions. */
export const jobs: Readonly<Record<string, readonly Job[]>> = {
  '* * * * *': [sweep, signOut, seal, purge, discard],
};

/** Runs the jobs of a cron trigger one after another. */
export async function runJobs(background: Background, cron: string): Promise<void> {
  for (const job of jobs[cron] ?? []) await job(background);
}
