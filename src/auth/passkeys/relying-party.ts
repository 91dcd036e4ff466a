import type { Env } from '../../env.ts';

/** All that passkeys need to know of the settings. */
export type PasskeyEnv = Pick<Env, 'publicUrl'>;

/** Who we are to authenticators (§4): the host that passkeys are bound to, and the origin that ceremonies run on. */
export function relyingParty({ publicUrl }: PasskeyEnv): { readonly id: string; readonly origin: string } {
  const { hostname, origin } = new URL(publicUrl);
  return { id: hostname, origin };
}

/** What authenticators know a user by (§5.4.3): the bytes of its id, in base64url. */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId).toString('base64url');
}
