import {
  authorizationCodeGrantRequest,
  ClientSecretBasic,
  ClientSecretPost,
  clockTolerance,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi';
import { TOKEN_LEEWAY_SECONDS } from '../../model/limits/index.ts';
import type {
  ExternalIdentity,
  IdentityRefused,
  OidcSecrets,
  ProviderUnavailable,
} from '../../model/sign-in/identity.ts';
import type { OidcProvider } from '../../model/sign-in/oidc-provider.ts';
import { discover, type ProviderMetadata, requestOptions } from './discovery.ts';
import { verifyIdToken } from './id-token.ts';
import { identityOf } from './identity.ts';
import { outcomeOf } from './outcome.ts';
import { fetchUserInfo } from './user-info.ts';

export type ExpectedCallback = OidcSecrets & { readonly redirectUri: string };

/** Redeems the code, which works once. */
export async function identify(
  provider: OidcProvider,
  callbackUrl: URL,
  expected: ExpectedCallback,
  nowMs: number,
): Promise<ExternalIdentity | IdentityRefused | ProviderUnavailable> {
  const found = await discover(provider, nowMs);
  if (found.kind === 'unavailable') return found;
  try {
    return await redeem(provider, found.server, callbackUrl, expected, nowMs);
  } catch (error) {
    return outcomeOf(error);
  }
}

async function redeem(
  provider: OidcProvider,
  server: ProviderMetadata,
  callbackUrl: URL,
  expected: ExpectedCallback,
  nowMs: number,
) {
  const client = { client_id: provider.clientId, [clockTolerance]: TOKEN_LEEWAY_SECONDS };
  const options = requestOptions(provider);
  const parameters = validateAuthResponse(server, client, callbackUrl, expected.state);
  const response = await authorizationCodeGrantRequest(
    server,
    client,
    clientAuthentication(provider, server),
    parameters,
    expected.redirectUri,
    expected.codeVerifier,
    options,
  );
  const tokens = await processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: expected.nonce,
    requireIdToken: true,
  });
  const idToken = await verifyIdToken(provider, server, tokens, nowMs);
  const { sub, auth_time, hd } = idToken;
  // An address from one source and `email_verified` from another would prove nothing.
  const claims = idToken['email'] === undefined ? await fetchUserInfo(provider, server, tokens, sub) : idToken;
  const { email, email_verified } = claims;
  return identityOf(provider, { sub, auth_time, email, email_verified, hd: hd ?? claims['hd'] });
}

/** Providers differ on percent-encoding in Basic (RFC 6749 §2.3.1). */
function clientAuthentication({ clientSecret }: OidcProvider, server: ProviderMetadata) {
  const supportsForm = server.token_endpoint_auth_methods_supported?.includes('client_secret_post');
  return supportsForm ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
}
