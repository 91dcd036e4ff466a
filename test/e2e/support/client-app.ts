import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as oidc from 'openid-client';
import type { Answer } from './api.ts';
import { listen } from './ports.ts';

type Started = { readonly pkceCodeVerifier: string; readonly expectedState: string; readonly expectedNonce: string };

/**
 * An application that signs its users in with us, on loopback: `/` sends them here, `/callback` says who they are. It is
 * registered once it has an address.
 */
export async function startClientApp(issuer: string, register: (redirectUri: string) => Promise<Answer>) {
  const started = new Map<string, Started>();
  const page = (response: ServerResponse, text: string) =>
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!doctype html><title>App</title><h1>${text}</h1>`);
  const { server, port } = await listen(
    createServer((request, response) => {
      answer(request, response).catch((error: Error) => page(response, `refused: ${error.cause ?? error.message}`));
    }),
  );
  const origin = `http://127.0.0.1:${port}`;
  const redirectUri = `${origin}/callback`;
  const { status, body } = await register(redirectUri);
  if (status !== 201) throw new Error(JSON.stringify(body));
  const { id, secret } = body['data'] as { id: string; secret: string };
  const options = { execute: [oidc.allowInsecureRequests] };
  const config = await oidc.discovery(new URL(issuer), id, secret, undefined, options);

  async function answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const here = new URL(url, origin);
    if (here.pathname === '/') return response.writeHead(302, { Location: await begin(here.searchParams) }).end();
    if (here.pathname !== '/callback') return response.writeHead(404).end();
    const error = here.searchParams.get('error');
    if (error !== null) return page(response, `refused: ${error}`);
    const checks = started.get(here.searchParams.get('state') ?? '');
    const tokens = await oidc.authorizationCodeGrant(config, here, checks);
    const { sub = '' } = tokens.claims() ?? {};
    const { name } = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    return page(response, `Hello ${name}, you may ${tokens.scope}`);
  }

  async function begin(more: URLSearchParams): Promise<string> {
    const checks = {
      pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
      expectedState: oidc.randomState(),
      expectedNonce: oidc.randomNonce(),
    };
    started.set(checks.expectedState, checks);
    const asked = {
      redirect_uri: redirectUri,
      scope: 'openid profile reseller:user:read',
      state: checks.expectedState,
      nonce: checks.expectedNonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...Object.fromEntries(more),
    };
    return oidc.buildAuthorizationUrl(config, asked).href;
  }

  return { origin, close: () => server.close() };
}
