import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { OidcProvider } from '../../src/model/sign-in/oidc-provider.ts';
import { invocations } from '../support/faults/isolate.ts';

/** The domain whose addresses the provider hands out. */
export const OWN_DOMAIN = 'example.com';
/** The libraries judge expiry by the real clock, which is far from the world's. */
const LIFE_SECONDS = 100 * 365 * 86_400;
const FORM = { 'Content-Type': 'application/json' };

/** Somebody at the provider. */
export type Account = { readonly subject: string; readonly email: string };
type Provider = {
  readonly setting: OidcProvider;
  /** In the place of the global one. */
  readonly fetch: typeof fetch;
  /** Signs in as this account where a browser was sent. Gives the address that the browser is sent back to. */
  readonly visit: (location: string, account: Account, nowMs: number) => string;
};

let made = 0;

/** An OpenID Connect provider, another one for each world: what the Worker knows of one it keeps. */
export async function identityProvider(): Promise<Provider> {
  const issuer = `https://provider-${++made}.example`;
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' };
  const setting = { name: 'Provider', issuer, clientId: 'edge', clientSecret: 'secret', domains: [OWN_DOMAIN] };
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
  const told: Readonly<Record<string, object>> = {
    '/.well-known/openid-configuration': metadata,
    '/keys': { keys: [jwk] },
  };

  /** The code holds what the token says. */
  async function redeem(body: BodyInit | null | undefined): Promise<Response> {
    const code = new URLSearchParams(String(body)).get('code') ?? '';
    const claims = JSON.parse(Buffer.from(code, 'base64url').toString());
    const idToken = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
    const tokens = { access_token: 'token', token_type: 'Bearer', id_token: idToken };
    return new Response(JSON.stringify(tokens), { headers: FORM });
  }

  return {
    setting,
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input));
      const known = told[pathname];
      if (known !== undefined) return new Response(JSON.stringify(known), { headers: FORM });
      return invocations.getStore()!.step('network', () => redeem(init?.body));
    },
    visit: (location, { subject, email }, nowMs) => {
      const asked = new URL(location).searchParams;
      const iat = Math.floor(nowMs / 1000);
      const person = { sub: subject, email, email_verified: true, auth_time: iat, nonce: asked.get('nonce') };
      const claims = { iss: issuer, aud: setting.clientId, iat, exp: iat + LIFE_SECONDS, ...person };
      const code = Buffer.from(JSON.stringify(claims)).toString('base64url');
      return `/sign-in/google/callback?${new URLSearchParams({ code, state: asked.get('state') ?? '' })}`;
    },
  };
}

export type IdentityProvider = Provider;

/** Has the Worker reach no other server than this while it works. */
export async function reachingOnly<T>({ fetch }: Provider, world: () => Promise<T>): Promise<T> {
  const real = globalThis.fetch;
  globalThis.fetch = fetch;
  return world().finally(() => {
    globalThis.fetch = real;
  });
}
