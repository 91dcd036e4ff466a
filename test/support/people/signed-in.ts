import { env } from 'cloudflare:workers';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { Scope } from '../../../src/model/clients/scope.ts';
import { FIRST_PARTY_CLIENT_ID } from '../../../src/model/sessions/actor.ts';
import { RESELLER_ADMIN_SCOPES } from '../../../src/model/users/role.ts';
import { Caller } from '../api.ts';
import { rows } from '../world.ts';

/**
 * A user as a caller in one reseller, as a sign-in would make it, or as this application has it; its token says that it may
 * do everything there.
 */
export async function signIn(
  userId: string,
  resellerId: string,
  scopes: readonly Scope[] = RESELLER_ADMIN_SCOPES,
  application: string | null = null,
): Promise<Caller> {
  const sid = crypto.randomUUID();
  const now = Date.now();
  await rows(
    'insert into sessions (id, user_id, reseller_id, client_id, created_at, expires_at) values (?, ?, ?, ?, ?, ?)',
    sid,
    userId,
    resellerId,
    application,
    now,
    now + 3_600_000,
  );
  const [jwk] = JSON.parse(env.SIGNING_KEYS) as [JWK];
  const claims = {
    sid,
    reseller_id: resellerId,
    scope: scopes.join(' '),
    client_id: application ?? FIRST_PARTY_CLIENT_ID,
    jti: crypto.randomUUID(),
    ...(application === null && { auth_time: Math.floor(now / 1000) }),
  };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: jwk.alg ?? '', kid: jwk.kid ?? '', typ: 'at+jwt' })
    .setSubject(userId)
    .setIssuer(env.PUBLIC_URL)
    .setAudience(env.PUBLIC_URL)
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(await importJWK(jwk, jwk.alg));
  return new Caller(token);
}
