import { SignJWT } from 'jose';
import type { Env } from '../../env.ts';
import { ACCESS_TOKEN_SECONDS } from '../../model/limits/index.ts';
import { keyRing } from './keys.ts';

export type AccessTokenContent = {
  readonly subject: string;
  readonly clientId: string;
  readonly resellerId: string | null;
  readonly scope: string;
  readonly sessionId?: string;
  readonly signedInAt?: number | null;
};

/** RFC 9068. */
export async function issueToken(env: Env, grant: AccessTokenContent, nowMs: number, jti: string): Promise<string> {
  const { signer } = await keyRing(env);
  const issuedAt = Math.floor(nowMs / 1000);
  return new SignJWT({
    client_id: grant.clientId,
    scope: grant.scope,
    ...(grant.resellerId !== null && { reseller_id: grant.resellerId }),
    ...(grant.sessionId !== undefined && { sid: grant.sessionId }),
    ...(typeof grant.signedInAt === 'number' && { auth_time: Math.floor(grant.signedInAt / 1000) }),
  })
    .setProtectedHeader({ alg: signer.alg, kid: signer.kid, typ: 'at+jwt' })
    .setIssuer(env.publicUrl)
    .setAudience(env.publicUrl)
    .setSubject(grant.subject)
    .setJti(jti)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
    .sign(signer.key);
}
