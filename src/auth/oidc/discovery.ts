import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
} from 'oauth4webapi';
import { OIDC_METADATA_MAX_AGE_MS, OIDC_RETRY_MS } from '../../model/limits/index.ts';
import type { ProviderUnavailable } from '../../model/sign-in/identity.ts';
import { isHttpsOrLoopback, type OidcProvider } from '../../model/sign-in/oidc-provider.ts';
import { boundedFetch } from '../bounded-fetch.ts';
import { unavailable } from './outcome.ts';

const REQUIRED_ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
const ENDPOINTS = [...REQUIRED_ENDPOINTS, 'userinfo_endpoint'] as const;

export type ProviderMetadata = AuthorizationServer & Readonly<Record<(typeof REQUIRED_ENDPOINTS)[number], string>>;
type DiscoveredProvider = { readonly kind: 'found'; readonly server: ProviderMetadata };

const cache = new Map<string, { readonly found: DiscoveredProvider | ProviderUnavailable; readonly untilMs: number }>();

/** OpenID Connect Discovery 1.0 §4. Caches failures too, for a shorter time. */
export async function discover(
  provider: OidcProvider,
  nowMs: number,
): Promise<DiscoveredProvider | ProviderUnavailable> {
  const cached = cache.get(provider.issuer);
  if (cached !== undefined && nowMs < cached.untilMs) return cached.found;
  const found = await fetchMetadata(provider).catch((error) =>
    unavailable(error instanceof Error ? error.message : 'no error'),
  );
  const maxAgeMs = found.kind === 'found' ? OIDC_METADATA_MAX_AGE_MS : OIDC_RETRY_MS;
  cache.set(provider.issuer, { found, untilMs: nowMs + maxAgeMs });
  return found;
}

export function requestOptions({ issuer }: OidcProvider) {
  return { [customFetch]: boundedFetch, [allowInsecureRequests]: isLocal(issuer) };
}

async function fetchMetadata(provider: OidcProvider): Promise<DiscoveredProvider | ProviderUnavailable> {
  const issuer = new URL(provider.issuer);
  const server = await processDiscoveryResponse(issuer, await discoveryRequest(issuer, requestOptions(provider)));
  if (server.issuer !== provider.issuer) return unavailable('the issuer writes itself differently');
  return hasSafeEndpoints(server, isLocal(provider.issuer))
    ? { kind: 'found', server }
    : unavailable('an endpoint is missing or unsafe');
}

function hasSafeEndpoints(server: AuthorizationServer, allowLoopback: boolean): server is ProviderMetadata {
  return (
    REQUIRED_ENDPOINTS.every((name) => typeof server[name] === 'string') &&
    ENDPOINTS.every((name) => isHttpsOrLoopback(server[name], allowLoopback))
  );
}

const isLocal = (issuer: string) => issuer.startsWith('http:');
