import * as v from 'valibot';
import { sameDigest, sha256 } from '../digest.ts';
import type { AuthenticatorData } from './authenticator-data.ts';
import { type PasskeyEnv, relyingParty } from './relying-party.ts';

/** What both ceremonies are asked for with. */
export type Ceremony = { readonly challenge: string; readonly env: PasskeyEnv };

/** §5.8.1: whether the browser ran this very ceremony, on our own page and not on one framed by others. */
export function isClientDataOf(data: Uint8Array, type: string, { challenge, env }: Ceremony): boolean {
  const expected = v.object({
    type: v.literal(type),
    challenge: v.literal(challenge),
    origin: v.literal(relyingParty(env).origin),
    crossOrigin: v.optional(v.literal(false)),
    topOrigin: v.optional(v.never()),
  });
  return v.is(v.pipe(v.string(), v.parseJson(), expected), new TextDecoder().decode(data));
}

/** Whether the authenticator was asked by our page and knows its user (§7.1, §7.2). */
export async function isVerifiedHere(data: AuthenticatorData, env: PasskeyEnv): Promise<boolean> {
  const hash = Buffer.from(data.rpIdHash).toString('base64url');
  if (!sameDigest(hash, await sha256(relyingParty(env).id))) return false;
  return data.userPresent && data.userVerified && (data.backupEligible || !data.backedUp);
}
