import { authorizationUrl, codeChallengeOf, newOidcSecrets } from '../auth/oidc/authorization.ts';
import { identify } from '../auth/oidc/identify.ts';
import type { IdentityProvider } from '../domain/sign-in/external-sign-in.ts';
import { absent, refuse } from '../model/failure.ts';
import { logWarning } from '../model/log.ts';
import type { RequestContext } from './request-context.ts';

export const CALLBACK_PATH = '/sign-in/google/callback';

type ProviderOutcome = { readonly kind: string; readonly detail?: string; readonly reason?: string };

/** Refuses `not_found` if no provider is configured. */
export function openProvider({ env, now, requestId }: RequestContext): IdentityProvider {
  const { oidcProvider: provider, publicUrl } = env;
  if (provider === null) refuse(absent('provider'));
  const redirectUri = publicUrl + CALLBACK_PATH;
  const logged = <T extends ProviderOutcome>(outcome: T): T => {
    const { kind, detail, reason } = outcome;
    if (detail !== undefined && reason !== 'declined') logWarning('provider', `${kind}: ${detail}`, requestId);
    return outcome;
  };
  return {
    newSecrets: (flowId) => {
      const secrets = newOidcSecrets();
      return { ...secrets, state: `${flowId}.${secrets.state}` };
    },
    authorizationUrl: async ({ codeVerifier, ...secrets }, freshness) => {
      const codeChallenge = await codeChallengeOf(codeVerifier);
      return logged(await authorizationUrl(provider, { ...secrets, freshness, redirectUri, codeChallenge }, now));
    },
    identify: async (callback, secrets) => logged(await identify(provider, callback, { ...secrets, redirectUri }, now)),
  };
}

export const flowIdIn = (state: string): string => state.split('.')[0] ?? '';
