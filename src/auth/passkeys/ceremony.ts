import * as v from 'valibot';
import { type PasskeyEnv, relyingParty } from './relying-party.ts';

/** What both ceremonies are asked for with. */
export type Ceremony = { readonly challenge: string; readonly env: PasskeyEnv };

/** What the library has to find in the answer to either. */
export function expectedOf({ challenge, env }: Ceremony) {
  const { id, origin } = relyingParty(env);
  return { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true };
}

const Unframed = v.object({ crossOrigin: v.optional(v.literal(false)), topOrigin: v.optional(v.never()) });

/**
 * §5.8.1: whether our page was not in a frame of others. The library looks at this only when a passkey is used, and only
 * where the browser names the origin at the top.
 */
export function isUnframed(clientDataJSON: string): boolean {
  return v.is(v.pipe(v.string(), v.parseJson(), Unframed), Buffer.from(clientDataJSON, 'base64url').toString());
}
