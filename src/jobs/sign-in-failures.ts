import { auditFailures } from '../db/sign-in/failures.ts';
import { JOB_CHUNKS, SIGN_IN_FAILURES_GRACE_MS, SIGN_IN_FAILURES_HOUR_MS } from '../model/limits/index.ts';
import type { Job } from './job.ts';

export const signInFailures: Job = {
  name: 'sign-in-failures',
  chunks: JOB_CHUNKS,
  steps: () => [
    {
      name: 'entries',
      chunk: async ({ db, now, newId }) => {
        const nowMs = now();
        const before = nowMs - SIGN_IN_FAILURES_HOUR_MS - SIGN_IN_FAILURES_GRACE_MS;
        const { entries, more } = await auditFailures(db, { now: nowMs, before, newId });
        return { counts: { entries }, more };
      },
    },
  ],
};
