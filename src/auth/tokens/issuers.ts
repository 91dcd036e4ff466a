import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import type { Env, TrustedIssuer } from '../../env.ts';
import { JWKS_MAX_AGE_MS, JWKS_RETRY_MS, JWKS_TIMEOUT_MS } from '../../model/limits/index.ts';
import { boundedFetch } from '../bounded-fetch.ts';

const keySets = new Map<string, JWTVerifyGetKey>();

export function trustedIssuer(env: Env, issuer: string): TrustedIssuer | undefined {
  return env.trustedIssuers.find((trusted) => trusted.issuer === issuer);
}

export function keysOf({ jwksUri }: Pick<TrustedIssuer, 'jwksUri'>): JWTVerifyGetKey {
  const keys = keySets.get(jwksUri) ?? keySetWithBackoff(jwksUri);
  keySets.set(jwksUri, keys);
  return keys;
}

/** jose retries a failing server for every token. Here cached keys verify during a pause. */
function keySetWithBackoff(jwksUri: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cacheMaxAge: JWKS_MAX_AGE_MS,
    [customFetch]: boundedFetch,
  });
  let retryAtMs = 0;
  return async (header, token) => {
    const cached = keys.jwks();
    if (Date.now() < retryAtMs) return cached === undefined ? refuseKey() : createLocalJWKSet(cached)(header, token);
    try {
      return await keys(header, token);
    } catch (error) {
      if (!isTokenError(error)) retryAtMs = Date.now() + JWKS_RETRY_MS;
      throw error;
    }
  };
}

function refuseKey(): never {
  throw new errors.JWKSTimeout();
}

function isTokenError(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}
