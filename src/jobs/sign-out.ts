import { endSessionsOfDisabled } from '../db/sessions/end-signed-out.ts';
import { JOB_CHUNKS, SIGNED_OUT_CHUNK } from '../model/limits/index.ts';
import type { Job } from './job.ts';

export const endSignedOutSessions: Job = {
  name: 'sign-out',
  chunks: JOB_CHUNKS,
  steps: () => [
    {
      name: 'sessions',
      chunk: async ({ db, now }) => {
        const { ofDisabled, ofRevoked } = await endSessionsOfDisabled(db, now());
        return { counts: { ofDisabled, ofRevoked }, more: Math.max(ofDisabled, ofRevoked) === SIGNED_OUT_CHUNK };
      },
    },
  ],
};
