import { processUserInfoResponse, type TokenEndpointResponse, userInfoRequest } from 'oauth4webapi';
import type { OidcProvider } from '../../model/sign-in/oidc-provider.ts';
import { type ProviderMetadata, requestOptions } from './discovery.ts';

/** OpenID Connect Core §5.3, §5.4. */
export async function fetchUserInfo(
  provider: OidcProvider,
  server: ProviderMetadata,
  { access_token }: TokenEndpointResponse,
  subject: string,
): Promise<Readonly<Record<string, unknown>>> {
  if (server.userinfo_endpoint === undefined) return {};
  const client = { client_id: provider.clientId };
  const response = await userInfoRequest(server, client, access_token, requestOptions(provider));
  return processUserInfoResponse(server, client, subject, response);
}
