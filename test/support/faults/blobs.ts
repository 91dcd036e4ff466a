import type { Blobs } from '../../../src/db/sql/blobs.ts';
import type { Step } from './invocation.ts';

/** The bucket, each call to which is a step of the invocation; what is read is read to its end in that. */
export function faultyBlobs(bucket: Blobs, step: Step): Blobs {
  const methods = {
    put: (...given: Parameters<Blobs['put']>) => step('blobs', () => bucket.put(...given)),
    get: (...given: Parameters<Blobs['get']>) =>
      step('blobs', async () => {
        const found = (await bucket.get(...given)) as R2ObjectBody | null;
        return found && { body: new Blob([await found.arrayBuffer()]).stream() };
      }),
    delete: (keys: string | string[]) => step('blobs', () => bucket.delete(keys)),
  };
  return methods as unknown as Blobs;
}
