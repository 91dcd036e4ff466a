import { sealChunk } from '../db/seals.ts';
import { SEAL_CHUNKS, SEAL_ROWS } from '../model/limits.ts';
import { logHead } from '../model/log.ts';
import type { Job } from './job.ts';

/**
 * Chains the rows of the audit log that were committed since. The head goes to the operator's log, out of reach of whoever
 * can write to the database.
 */
export const seal: Job = {
  name: 'seal',
  chunks: SEAL_CHUNKS,
  steps: () => [
    {
      name: 'events',
      chunk: async ({ session }) => {
        const { sealed, ...head } = await sealChunk(session);
        const more = sealed === SEAL_ROWS;
        if (sealed > 0 && !more) logHead(head);
        return { counts: { events: sealed }, more };
      },
    },
  ],
};
