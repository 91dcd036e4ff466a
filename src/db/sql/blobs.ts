import { invalid, refuse } from '../../model/failure.ts';
import type { ByteRange, Jurisdiction } from '../../model/storage/storage.ts';

/** The bucket that the bytes of objects are in. Its keys are ours, never a caller's. */
export type Blobs = Pick<R2Bucket, 'put' | 'get' | 'delete'>;

/** Which upload's bytes. */
export type BlobName = { readonly jurisdiction: Jurisdiction; readonly storageAccountId: string; readonly id: string };

const keyOf = ({ jurisdiction, storageAccountId, id }: BlobName) => `${jurisdiction}/${storageAccountId}/${id}`;

/**
 * Takes in `size` bytes, piece by piece, until the signal, and gives their entity tag. Refuses `invalid` where there are
 * more or fewer, or where they take longer.
 */
export async function writeBlob(
  blobs: Blobs,
  name: BlobName,
  { body, size }: { readonly body: ReadableStream | null; readonly size: number },
  signal: AbortSignal,
): Promise<string> {
  const { readable, writable } = new FixedLengthStream(size);
  const failure = new AbortController();
  // A bucket that fails may leave the rest unread, and whoever waits to hand it over would wait for ever.
  const put = blobs.put(keyOf(name), readable, {}).catch((error) => {
    failure.abort(error);
    throw error;
  });
  const piped = (body ?? new Blob().stream()).pipeTo(writable, { signal: AbortSignal.any([signal, failure.signal]) });
  const [written, read] = await Promise.allSettled([put, piped]);
  if (written.status === 'fulfilled' && read.status === 'fulfilled') return written.value.etag;
  const [reason, ...others] = [read, written].flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if ([reason, ...others].some(isWrongLength))
    refuse(invalid('body', '', 'Must have as many bytes as Content-Length says.'));
  if (signal.aborted) refuse(invalid('body', '', 'Must come in less time.'));
  throw reason;
}

/** Such an error has no other sign than its text. */
function isWrongLength(error: unknown): boolean {
  return error instanceof TypeError && error.message.includes('FixedLengthStream');
}

/** The bytes, or a part of them; null where they are gone. */
export async function readBlob(blobs: Blobs, name: BlobName, part: ByteRange | null): Promise<ReadableStream | null> {
  const found = await blobs.get(keyOf(name), part === null ? {} : { range: part });
  return found?.body ?? null;
}

/** As many as one delete takes. Those that are gone already do no harm. */
export async function deleteBlobs(blobs: Blobs, names: readonly BlobName[]): Promise<void> {
  if (names.length > 0) await blobs.delete(names.map(keyOf));
}
