import type { Exchange } from '../http/exchange.ts';
import { json } from '../http/reply.ts';
import { JWKS_CACHE_SECONDS } from '../model/limits.ts';
import { SCOPES } from '../model/scope.ts';
import { publicKeys } from './keys.ts';
import { GRANT_TYPES } from './oauth.ts';

const cached = { 'Cache-Control': `public, max-age=${JWKS_CACHE_SECONDS}` };

/** `GET /.well-known/oauth-authorization-server` (RFC 8414 §2). */
export function metadata({ env: { publicUrl } }: Exchange): Response {
  const authentication = ['client_secret_basic', 'client_secret_post'];
  return json(
    {
      issuer: publicUrl,
      token_endpoint: `${publicUrl}/oauth/token`,
      token_endpoint_auth_methods_supported: authentication,
      revocation_endpoint: `${publicUrl}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: authentication,
      jwks_uri: `${publicUrl}/.well-known/jwks.json`,
      grant_types_supported: GRANT_TYPES,
      response_types_supported: [],
      scopes_supported: SCOPES,
      service_documentation: `${publicUrl}/docs`,
    },
    200,
    cached,
  );
}

/** `GET /.well-known/jwks.json` (RFC 7517 §5). */
export function jwks({ env }: Exchange): Response {
  return json({ keys: publicKeys(env) }, 200, cached);
}
