import { noteFailures } from '../db/sign-in/failures.ts';
import { JOB_CHUNKS, SIGN_IN_FAILURES_HOUR_MS, SIGN_IN_FAILURES_SETTLED_MS } from '../model/limits/index.ts';
import type { Job } from './job.ts';

/** Moves the failed sign-ins of hours that are over into the audit log. */
export const signInFailures: Job = {
  name: 'sign-in-failures',
  chunks: JOB_CHUNKS,
  steps: () => [
    {
      name: 'entries',
      chunk: async ({ db, now, newId }) => {
        const nowMs = now();
        // An hour is known by its start.
        const before = nowMs - SIGN_IN_FAILURES_HOUR_MS - SIGN_IN_FAILURES_SETTLED_MS;
        const { entries, more } = await noteFailures(db, { now: nowMs, before, newId });
        return { counts: { entries }, more };
      },
    },
  ],
};
