import * as v from 'valibot';
import { type PasskeyEnv, relyingParty } from './relying-party.ts';

export type Ceremony = { readonly challenge: string; readonly env: PasskeyEnv };

export function expectedOf({ challenge, env }: Ceremony) {
  const { id, origin } = relyingParty(env);
  return { expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: id, requireUserVerification: true };
}

const Unframed = v.object({ crossOrigin: v.optional(v.literal(false)), topOrigin: v.optional(v.never()) });

/** §5.8.1. The library does not check this at registration. */
export function isUnframed(clientDataJSON: string): boolean {
  return v.is(v.pipe(v.string(), v.parseJson(), Unframed), Buffer.from(clientDataJSON, 'base64url').toString());
}
