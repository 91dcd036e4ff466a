import { purgeChunk } from '../db/purge.ts';
import type { Background } from '../delivery/background.ts';
import { PURGE_CHUNKS } from '../model/limits.ts';

/** Each minute a bounded share, so that no request waits for more than one chunk of it. Running twice does no harm. */
export async function purge({ session, now }: Background): Promise<void> {
  for (let chunks = 0, more = true; more && chunks < PURGE_CHUNKS; chunks++) more = await purgeChunk(session, now());
}
