import { sealChunk } from '../db/seals.ts';
import { SEAL_CHUNKS, SEAL_ROWS } from '../model/limits.ts';
import { log } from '../model/log.ts';
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
      chunk: async ({ env, session }) => {
        const { sealed, seq, hash } = await sealChunk(session);
        const more = sealed === SEAL_ROWS;
        // To verify it by later (`npm run audit:verify -- --head <seq>:<hash>`).
        if (sealed > 0 && !more) log(env.logLevel, 'info', 'audit', { head: `${seq}:${hash}` });
        return { counts: { events: sealed }, more };
      },
    },
  ],
};
