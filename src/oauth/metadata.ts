import { CLAIMS } from '../auth/tokens/claims.ts';
import { publicKeys } from '../auth/tokens/keys.ts';
import { jsonResponse } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import { IDENTITY_SCOPES } from '../model/clients/identity-scope.ts';
import { SCOPES } from '../model/clients/scope.ts';
import { LANGUAGES } from '../model/language.ts';
import { JWKS_CACHE_SECONDS } from '../model/limits/index.ts';
import { PROMPTS } from '../model/sign-in/flow.ts';
import { GRANT_TYPES } from './token-endpoints.ts';

const CACHE_HEADERS = { 'Cache-Control': `public, max-age=${JWKS_CACHE_SECONDS}` };

/** RFC 8414 §2 and OpenID Connect Discovery 1.0 §3. */
export function metadata({ env }: RequestContext): Response {
  const { publicUrl } = env;
  const authentication = ['client_secret_basic', 'client_secret_post'];
  return jsonResponse(
    {
      issuer: publicUrl,
      authorization_endpoint: `${publicUrl}/oauth/authorize`,
      token_endpoint: `${publicUrl}/oauth/token`,
      token_endpoint_auth_methods_supported: authentication,
      revocation_endpoint: `${publicUrl}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: authentication,
      userinfo_endpoint: `${publicUrl}/oauth/userinfo`,
      jwks_uri: `${publicUrl}/.well-known/jwks.json`,
      grant_types_supported: GRANT_TYPES,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      prompt_values_supported: PROMPTS,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      claims_parameter_supported: false,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [...new Set(env.signingKeys.map(({ alg }) => alg))],
      scopes_supported: [...IDENTITY_SCOPES, ...SCOPES],
      claims_supported: [...CLAIMS, 'auth_time', 'amr', 'nonce', 'at_hash'],
      ui_locales_supported: LANGUAGES,
      service_documentation: `${publicUrl}/docs`,
    },
    200,
    CACHE_HEADERS,
  );
}

/** `GET /.well-known/jwks.json` (RFC 7517 §5). */
export function jwks({ env }: RequestContext): Response {
  return jsonResponse({ keys: publicKeys(env.signingKeys) }, 200, CACHE_HEADERS);
}
