import { expireChunk, RETENTION_RULES } from '../db/jobs/expire.ts';
import { PURGE_CHUNKS } from '../model/limits/index.ts';
import type { Job } from './job.ts';

export const expire: Job = {
  name: 'purge',
  chunks: PURGE_CHUNKS,
  steps: () =>
    Object.entries(RETENTION_RULES).map(([name, kind]) => ({
      name,
      chunk: async ({ db, now }) => {
        const { rows, more } = await expireChunk(db, kind, now());
        return { counts: { [name]: rows }, more };
      },
    })),
};
