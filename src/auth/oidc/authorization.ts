import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from 'oauth4webapi';
import type { Freshness } from '../../model/sign-in/flow.ts';
import type { OidcSecrets, ProviderUnavailable } from '../../model/sign-in/identity.ts';
import type { OidcProvider } from '../../model/sign-in/oidc-provider.ts';
import { GOOGLE } from './authority.ts';
import { discover } from './discovery.ts';

export type ProviderAuthorizationRequest = {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  readonly freshness: Freshness;
};

/** OpenID Connect Core §5.5.1.1. */
const CLAIMS = JSON.stringify({ id_token: { auth_time: { essential: true } } });

export function newOidcSecrets(): OidcSecrets {
  return { state: generateRandomState(), nonce: generateRandomNonce(), codeVerifier: generateRandomCodeVerifier() };
}

/** RFC 7636 §4.2, S256. */
export function codeChallengeOf(codeVerifier: string): Promise<string> {
  return calculatePKCECodeChallenge(codeVerifier);
}

/** OpenID Connect Core §3.1.2.1. */
export async function authorizationUrl(
  provider: OidcProvider,
  { redirectUri, state, nonce, codeChallenge, freshness }: ProviderAuthorizationRequest,
  nowMs: number,
): Promise<{ readonly kind: 'ready'; readonly url: string } | ProviderUnavailable> {
  const found = await discover(provider, nowMs);
  if (found.kind === 'unavailable') return found;
  const url = new URL(found.server.authorization_endpoint);
  const parameters = {
    response_type: 'code',
    scope: 'openid email profile',
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    state,
    nonce,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    claims: CLAIMS,
    ...freshnessParameters(provider, freshness),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { kind: 'ready', url: url.href };
}

/** Google does not support `prompt=login`. */
function freshnessParameters(
  { issuer }: OidcProvider,
  { prompt, maxAgeSeconds }: Freshness,
): Readonly<Record<string, string>> {
  return {
    ...(prompt !== null && { prompt: issuer === GOOGLE ? 'select_account' : prompt }),
    ...(maxAgeSeconds !== null && { max_age: String(maxAgeSeconds) }),
  };
}
