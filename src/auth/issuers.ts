import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import type { Env, TrustedIssuer } from '../env.ts';
import { JWKS_MAX_AGE_MS, JWKS_TIMEOUT_MS } from '../model/limits.ts';

const keySets = new Map<string, JWTVerifyGetKey>();

/** The listed outside issuer of this name. */
export function trustedIssuer(env: Env, issuer: string): TrustedIssuer | undefined {
  return env.trustedIssuers.find((trusted) => trusted.issuer === issuer);
}

/** Its keys, fetched when first needed and when an unknown `kid` turns up, and kept across requests. */
export function keysOf(trusted: TrustedIssuer): JWTVerifyGetKey {
  const known = keySets.get(trusted.jwksUri);
  if (known !== undefined) return known;
  const keys = createRemoteJWKSet(new URL(trusted.jwksUri), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cacheMaxAge: JWKS_MAX_AGE_MS,
  });
  keySets.set(trusted.jwksUri, keys);
  return keys;
}
