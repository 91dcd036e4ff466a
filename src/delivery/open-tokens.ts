import { unseal } from '../auth/secrets/seal.ts';
import type { ClaimedDelivery } from '../db/webhooks/claim.ts';
import type { Env } from '../env.ts';
import { logFault } from '../model/log.ts';

type SealedTokens = Pick<ClaimedDelivery, 'sealedToken' | 'sealedOldToken' | 'oldTokenUntil'>;

/** Also the previous token for a while after a rotation. Null: a key is missing. */
export async function openTokens(env: Env, endpoint: SealedTokens, nowMs: number): Promise<string[] | null> {
  const { sealedToken, sealedOldToken, oldTokenUntil } = endpoint;
  const oldTokenSigns = sealedOldToken !== null && oldTokenUntil !== null && nowMs < oldTokenUntil;
  try {
    return await Promise.all(
      [sealedToken, ...(oldTokenSigns ? [sealedOldToken] : [])].map((text) => unseal(env, text)),
    );
  } catch (error) {
    logFault('sign', error);
    return null;
  }
}
