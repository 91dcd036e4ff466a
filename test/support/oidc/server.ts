import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { page } from './page.ts';
import { Store } from './store.ts';

const CLIENT = { clientId: 'edge.client', clientSecret: 'secret with spaces, %41 and +' };

/** Where a provider tells what it knows of somebody, and how it wants to be told the client's secret. */
export type Habits = { readonly claimsIn: 'id-token' | 'user-info'; readonly secretBy: 'form' | 'basic' };
export type RunningProvider = {
  /** The setting OIDC_PROVIDER that fits it. */
  readonly setting: string;
  readonly close: () => Promise<void>;
};

/** As Google does it. */
const GOOGLE: Habits = { claimsIn: 'id-token', secretBy: 'form' };

/**
 * A real OpenID Connect provider on loopback. Its page asks who one wants to be, and takes everybody at their word; the
 * client may have the browser sent anywhere.
 */
export async function startProvider(habits = GOOGLE): Promise<RunningProvider> {
  let provider: Provider | undefined;
  const server = createServer((request, response) => {
    if (provider === undefined) return response.destroy();
    if (request.url?.startsWith('/interaction/')) return interact(provider, people, request, response);
    return provider.callback()(request, response);
  });
  const people: People = new Map();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = new Provider(issuer, await configurationOf(habits, people));
  provider.Client.prototype.redirectUriAllowed = () => true;
  return {
    setting: JSON.stringify({ issuer, ...CLIENT, domains: ['example.com'] }),
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

type People = Map<string, Record<string, unknown>>;

async function configurationOf({ claimsIn, secretBy }: Habits, people: People): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const method = secretBy === 'form' ? 'client_secret_post' : 'client_secret_basic';
  return {
    adapter: Store,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'one', alg: 'RS256', use: 'sig' } as never] },
    cookies: { keys: [crypto.randomUUID()] },
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: ['https://edge.localhost/'],
        token_endpoint_auth_method: method,
      },
    ],
    clientAuthMethods: secretBy === 'form' ? ['client_secret_basic', method] : [method],
    claims: { openid: ['sub'], email: ['email', 'email_verified', 'hd'], profile: ['name'] },
    conformIdTokenClaims: claimsIn === 'user-info',
    features: { devInteractions: { enabled: false }, claimsParameter: { enabled: claimsIn === 'id-token' } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}`, policy: promptsKnown() },
    findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people.get(sub) }) }),
    loadExistingGrant: grantEverything,
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  };
}

/** Whoever is signed in there comes back at once, but for who is asked for an account (`prompt=select_account`). */
function promptsKnown() {
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }));
  return policy;
}

/** Nobody is asked whether the client may know who they are. */
async function grantEverything({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
  grant.addOIDCScope('openid email profile');
  await grant.save();
  return grant;
}

async function interact(provider: Provider, people: People, request: IncomingMessage, response: ServerResponse) {
  const { params } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') return response.setHeader('Content-Type', 'text/html').end(page(params));
  const {
    answer,
    sub = '',
    email_verified,
    auth_time,
    ...rest
  } = Object.fromEntries(new URLSearchParams(await text(request)));
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''));
  people.set(sub, { ...said, email_verified: email_verified === 'on' });
  const result =
    answer === 'no'
      ? { error: 'access_denied' }
      : { login: { accountId: sub, ...(auth_time && { ts: Number(auth_time) }) }, select_account: {} };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}
