import type { Background } from '../delivery/background.ts';
import { discardChunk } from '../domain/garbage.ts';
import { OBJECT_DISCARD_CHUNKS } from '../model/limits.ts';

/** Each minute a bounded share of the bytes that nobody reads any more. Running twice does no harm. */
export async function discard({ env, session, now }: Background): Promise<void> {
  const store = { session, blobs: env.blobs };
  for (let chunks = 0, more = true; more && chunks < OBJECT_DISCARD_CHUNKS; chunks++)
    more = await discardChunk(store, now());
}
