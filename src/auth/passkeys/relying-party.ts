import type { Env } from '../../env.ts';

export type PasskeyEnv = Pick<Env, 'publicUrl'>;

/** §4. */
export function relyingParty({ publicUrl }: PasskeyEnv): { readonly id: string; readonly origin: string } {
  const { hostname, origin } = new URL(publicUrl);
  return { id: hostname, origin };
}

/** §5.4.3. */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId).toString('base64url');
}
