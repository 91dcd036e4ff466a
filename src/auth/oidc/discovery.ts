import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
} from 'oauth4webapi';
import { OIDC_METADATA_MAX_AGE_MS, OIDC_RETRY_MS } from '../../model/limits/index.ts';
import type { Unavailable } from '../../model/sign-in/identity.ts';
import { isHttpsOrLoopback, type OidcProvider } from '../../model/sign-in/oidc-provider.ts';
import { boundedFetch } from '../bounded-fetch.ts';
import { unavailable } from './outcome.ts';

const NEEDED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
const ALL = [...NEEDED, 'userinfo_endpoint'] as const;

export type Server = AuthorizationServer & Readonly<Record<(typeof NEEDED)[number], string>>;
type Found = { readonly kind: 'found'; readonly server: Server };

const known = new Map<string, { readonly found: Found | Unavailable; readonly untilMs: number }>();

/** OpenID Connect Discovery 1.0 §4. Caches failures too, for a shorter time. */
export async function discover(provider: OidcProvider, nowMs: number): Promise<Found | Unavailable> {
  const last = known.get(provider.issuer);
  if (last !== undefined && nowMs < last.untilMs) return last.found;
  const found = await ask(provider).catch((error) => unavailable(error instanceof Error ? error.message : 'no error'));
  const forMs = found.kind === 'found' ? OIDC_METADATA_MAX_AGE_MS : OIDC_RETRY_MS;
  known.set(provider.issuer, { found, untilMs: nowMs + forMs });
  return found;
}

export function requestOptions({ issuer }: OidcProvider) {
  return { [customFetch]: boundedFetch, [allowInsecureRequests]: isLocal(issuer) };
}

async function ask(provider: OidcProvider): Promise<Found | Unavailable> {
  const issuer = new URL(provider.issuer);
  const server = await processDiscoveryResponse(issuer, await discoveryRequest(issuer, requestOptions(provider)));
  if (server.issuer !== provider.issuer) return unavailable('the issuer writes itself differently');
  return isWhole(server, isLocal(provider.issuer))
    ? { kind: 'found', server }
    : unavailable('an endpoint is missing or unsafe');
}

function isWhole(server: AuthorizationServer, allowLoopback: boolean): server is Server {
  return (
    NEEDED.every((name) => typeof server[name] === 'string') &&
    ALL.every((name) => isHttpsOrLoopback(server[name], allowLoopback))
  );
}

const isLocal = (issuer: string) => issuer.startsWith('http:');
