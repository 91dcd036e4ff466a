import { endSignedOut } from '../db/signed-out.ts';
import type { Background } from '../delivery/background.ts';
import { SIGNED_OUT_CHUNKS } from '../model/limits.ts';

/** Each minute a bounded share of the sessions that a disabled account, or a revoked API client, ended. Running twice does no harm. */
export async function signOut({ session, now }: Background): Promise<void> {
  for (let chunks = 0, more = true; more && chunks < SIGNED_OUT_CHUNKS; chunks++)
    more = await endSignedOut(session, now());
}
