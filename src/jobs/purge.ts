import { purgeChunk } from '../db/purge.ts';
import type { Background } from '../delivery/background.ts';

/** Each minute a little, so that no request ever waits for much of it. Running twice does no harm. */
export async function purge({ session, now }: Background): Promise<void> {
  await purgeChunk(session, now());
}
