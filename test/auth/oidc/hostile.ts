import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { newOidcSecrets } from '../../../src/auth/oidc/authorization.ts';
import { identify } from '../../../src/auth/oidc/identify.ts';
import { makePlace } from '../../support/outside/place.ts';
import { unique } from '../../support/world.ts';

type Place = ReturnType<typeof makePlace>;
type Header = { readonly alg?: string; readonly kid?: string };

export const ACCESS_TOKEN = 'an access token';

export const answerJson = (place: Place, body: object) =>
  place.answer({ status: 200, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

/** A provider that says and does what a test wants, and a browser that comes back from it. */
export async function makeHostile(changes: Readonly<Record<string, unknown>> = {}) {
  const [home, tokens, keys, userInfo] = ['issuer', 'tokens', 'keys', 'user-info'].map((name) =>
    makePlace(unique(name)),
  ) as [Place, Place, Place, Place];
  const provider = {
    name: 'Hostile',
    issuer: home.url,
    clientId: 'edge',
    clientSecret: 'secret '.repeat(8),
    domains: [],
  };
  const expected = { ...newOidcSecrets(), redirectUri: 'https://edge.localhost/back' };
  const document = {
    issuer: provider.issuer,
    authorization_endpoint: `${home.url}/authorize`,
    token_endpoint: tokens.url,
    jwks_uri: keys.url,
    id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none', 'EdDSA'],
    ...changes,
  };
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  await answerJson(keys, { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });
  await answerJson(home, document);

  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = {
    ...{ iss: provider.issuer, aud: provider.clientId, sub: 'ada', nonce: expected.nonce },
    ...{ iat: nowSeconds, exp: nowSeconds + 300, email: 'ada@example.com', email_verified: true, hd: 'example.com' },
  };
  const comeBack = (nowMs = Date.now()) => {
    const callback = new URL(`${expected.redirectUri}?code=code&state=${expected.state}`);
    return identify(provider, callback, expected, nowMs);
  };
  const comeBackWith = async (idToken: string | undefined) => {
    await answerJson(tokens, { access_token: ACCESS_TOKEN, token_type: 'Bearer', id_token: idToken });
    return comeBack();
  };
  return {
    ...{ provider, document, home, tokens, keys, userInfo, claims, nowSeconds, comeBack, comeBackWith },
    /** An ID token with these claims beside the right ones, or in their place. */
    sign: (changed: object = {}, header: Header = {}, key: CryptoKey | Uint8Array = privateKey) =>
      new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(key),
  };
}

export type Hostile = Awaited<ReturnType<typeof makeHostile>>;
