import { SignJWT } from 'jose';
import type { Env } from '../../env.ts';
import { ID_TOKEN_SECONDS } from '../../model/limits/index.ts';
import type { AuthenticationMethod, Session } from '../../model/sessions/session.ts';
import type { Member } from '../../model/users/member.ts';
import { claimsOf } from './claims.ts';
import { keyRing } from './keys.ts';

export type SignInFacts = {
  readonly session: Session;
  readonly member: Member;
  readonly nonce: string | null;
  readonly authenticatedAt: number;
};

/** RFC 8176 §2. */
const METHOD_NAMES: Readonly<Record<AuthenticationMethod, readonly string[]>> = {
  pwd: ['pwd'],
  otp: ['otp'],
  recovery: ['otp'],
  hwk: ['hwk'],
  google: [],
};

/** OpenID Connect Core 1.0 §2, §3.1.3.6. */
export async function issueIdToken(
  env: Env,
  { session, member, nonce, authenticatedAt }: SignInFacts,
  accessToken: string,
  nowMs: number,
): Promise<string> {
  const { signer } = await keyRing(env);
  const issuedAt = Math.floor(nowMs / 1000);
  const amr = [
    ...session.methods.flatMap((method) => METHOD_NAMES[method]),
    ...(session.methods.length > 1 ? ['mfa'] : []),
  ];
  return new SignJWT({
    ...claimsOf(member, session.scope ?? ''),
    ...(authenticatedAt > 0 && { auth_time: Math.floor(authenticatedAt / 1000) }),
    at_hash: await accessTokenHash(accessToken),
    ...(nonce !== null && { nonce }),
    ...(amr.length > 0 && { amr }),
  })
    .setProtectedHeader({ alg: signer.alg, kid: signer.kid, typ: 'JWT' })
    .setIssuer(env.publicUrl)
    .setAudience(session.clientId ?? '')
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ID_TOKEN_SECONDS)
    .sign(signer.key);
}

async function accessTokenHash(token: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));
  return Buffer.from(digest.subarray(0, digest.length / 2)).toString('base64url');
}
