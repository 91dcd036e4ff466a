import { SignJWT } from 'jose';
import type { ApiClient } from '../db/clients.ts';
import type { Env } from '../env.ts';
import { ACCESS_TOKEN_SECONDS } from '../model/limits.ts';
import { keyRing } from './keys.ts';

/** A signed access token for an API client (RFC 9068). */
export async function issueToken(
  env: Env,
  client: ApiClient,
  scope: string,
  nowMs: number,
  jti: string,
): Promise<string> {
  const { signer } = await keyRing(env);
  const issuedAt = Math.floor(nowMs / 1000);
  return new SignJWT({
    client_id: client.id,
    scope,
    ...(client.resellerId === null ? {} : { reseller_id: client.resellerId }),
  })
    .setProtectedHeader({ alg: signer.alg, kid: signer.kid, typ: 'at+jwt' })
    .setIssuer(env.publicUrl)
    .setAudience(env.publicUrl)
    .setSubject(client.id)
    .setJti(jti)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
    .sign(signer.key);
}
