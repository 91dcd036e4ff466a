import { discardGarbageChunk } from '../domain/storage/purge.ts';
import { JOB_CHUNKS, OBJECT_DELETE_CHUNK } from '../model/limits/index.ts';
import type { Job } from './job.ts';

export const discard: Job = {
  name: 'discard',
  chunks: JOB_CHUNKS,
  steps: () => [
    {
      name: 'objects',
      chunk: async ({ env, db, now }) => {
        const objects = await discardGarbageChunk({ db, blobs: env.blobs }, now());
        return { counts: { objects }, more: objects === OBJECT_DELETE_CHUNK };
      },
    },
  ],
};
