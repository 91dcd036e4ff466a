import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { TokenEndpointResponse } from 'oauth4webapi';
import { OIDC_ID_TOKEN_MAX_AGE_SECONDS, TOKEN_LEEWAY_SECONDS } from '../../model/limits/index.ts';
import type { OidcProvider } from '../../model/sign-in/oidc-provider.ts';
import { sha256 } from '../secrets/digest.ts';
import { keysOf } from '../tokens/issuers.ts';
import type { ProviderMetadata } from './discovery.ts';

/** Asymmetric and SHA-256, which `at_hash` also uses. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256'];
const AT_HASH_BYTES = 16;

/** OpenID Connect Core §3.1.3.7, except the nonce, which oauth4webapi checks. Throws jose's errors. */
export async function verifyIdToken(
  provider: OidcProvider,
  server: ProviderMetadata,
  tokens: TokenEndpointResponse,
  nowMs: number,
): Promise<JWTPayload & { readonly sub: string }> {
  const { payload } = await jwtVerify<{ sub: string }>(tokens.id_token ?? '', keysOf({ jwksUri: server.jwks_uri }), {
    algorithms: ALGORITHMS,
    issuer: provider.issuer,
    audience: provider.clientId,
    currentDate: new Date(nowMs),
    clockTolerance: TOKEN_LEEWAY_SECONDS,
    maxTokenAge: OIDC_ID_TOKEN_MAX_AGE_SECONDS,
    requiredClaims: ['sub', 'exp'],
  });
  const { azp, at_hash: atHash } = payload;
  if (azp !== undefined && azp !== provider.clientId) throw mismatch('azp', payload);
  if (atHash !== undefined && atHash !== (await atHashOf(tokens.access_token))) throw mismatch('at_hash', payload);
  return payload;
}

/** OpenID Connect Core §3.1.3.6. */
async function atHashOf(accessToken: string): Promise<string> {
  const digest = Buffer.from(await sha256(accessToken), 'base64url');
  return digest.subarray(0, AT_HASH_BYTES).toString('base64url');
}

function mismatch(claim: string, payload: JWTPayload) {
  return new errors.JWTClaimValidationFailed(`unexpected "${claim}" claim value`, payload, claim, 'check_failed');
}
