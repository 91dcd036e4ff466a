import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from 'oauth4webapi';
import type { OidcSecrets, Unavailable } from '../../model/identity.ts';
import { discover } from './discovery.ts';
import type { OidcProvider } from './provider.ts';

export type AuthorizationRequest = {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  /** Asks Google for accounts of this domain only; what comes back has to be checked all the same. */
  readonly hd?: string | null;
  readonly loginHint?: string | null;
  /** Has whoever is signed in there say so at least; Google knows no `prompt=login`, which would ask for more. */
  readonly fresh?: boolean;
};

export function newOidcSecrets(): OidcSecrets {
  return { state: generateRandomState(), nonce: generateRandomNonce(), codeVerifier: generateRandomCodeVerifier() };
}

/** RFC 7636 §4.2, S256. */
export function codeChallengeOf(codeVerifier: string): Promise<string> {
  return calculatePKCECodeChallenge(codeVerifier);
}

/** Where to send the browser (OpenID Connect Core §3.1.2.1). */
export async function authorizationUrl(
  provider: OidcProvider,
  { redirectUri, state, nonce, codeChallenge, hd, loginHint, fresh }: AuthorizationRequest,
  nowMs: number,
): Promise<{ readonly kind: 'ready'; readonly url: string } | Unavailable> {
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
    ...(hd && { hd }),
    ...(loginHint && { login_hint: loginHint }),
    ...(fresh && { prompt: 'select_account' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { kind: 'ready', url: url.href };
}
