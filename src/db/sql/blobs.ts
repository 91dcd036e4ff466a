import { invalid, refuse } from '../../model/failure.ts';
import type { ByteRange, Jurisdiction } from '../../model/storage/storage.ts';

export type Blobs = Pick<R2Bucket, 'put' | 'get' | 'delete'>;

export type BlobName = { readonly jurisdiction: Jurisdiction; readonly storageAccountId: string; readonly id: string };

const keyOf = ({ jurisdiction, storageAccountId, id }: BlobName) => `${jurisdiction}/${storageAccountId}/${id}`;

/** Returns the entity tag. Refuses `invalid` for another size, or after the signal. */
export async function writeBlob(
  blobs: Blobs,
  name: BlobName,
  { body, size }: { readonly body: ReadableStream | null; readonly size: number },
  signal: AbortSignal,
): Promise<string> {
  const { readable, writable } = new FixedLengthStream(size);
  const failure = new AbortController();
  // R2 may fail without reading the rest, and the writer would wait forever.
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

/** Only its text identifies this error. */
function isWrongLength(error: unknown): boolean {
  return error instanceof TypeError && error.message.includes('FixedLengthStream');
}

/** Null if the bytes are gone. */
export async function readBlob(blobs: Blobs, name: BlobName, part: ByteRange | null): Promise<ReadableStream | null> {
  const found = await blobs.get(keyOf(name), part === null ? {} : { range: part });
  return found?.body ?? null;
}

/** At most as many as one R2 delete takes. */
export async function deleteBlobs(blobs: Blobs, names: readonly BlobName[]): Promise<void> {
  if (names.length > 0) await blobs.delete(names.map(keyOf));
}
