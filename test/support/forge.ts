import { env } from 'cloudflare:workers';
import { decodeJwt, importJWK, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

type SigningKey = JWK & { readonly kid: string; readonly alg: string };

/** The key that signs, and the one before it. */
export const [signingKey, earlierKey] = JSON.parse(env.SIGNING_KEYS) as [SigningKey, SigningKey];

export const seconds = () => Math.floor(Date.now() / 1000);

export type Forgery = {
  readonly header?: object;
  /** What is undefined is left out. */
  readonly claims?: object;
  readonly key?: JWK;
};

/** A token with these claims, signed by our key unless another is given. */
async function sign({ header, claims, key = signingKey }: Forgery): Promise<string> {
  const { kid = signingKey.kid, alg = signingKey.alg } = key;
  const protectedHeader = { alg, kid, typ: 'at+jwt', ...header } as JWTHeaderParameters;
  return new SignJWT(claims as JWTPayload).setProtectedHeader(protectedHeader).sign(await importJWK(key, alg));
}

/** A token as a client of the operator gets it, with whatever is changed in it. */
export function forge(client: string, { claims, ...rest }: Forgery = {}): Promise<string> {
  const usual = {
    iss: env.PUBLIC_URL,
    aud: env.PUBLIC_URL,
    sub: client,
    client_id: client,
    scope: 'event:read reseller:read',
    jti: crypto.randomUUID(),
    iat: seconds(),
    exp: seconds() + 60,
  };
  return sign({ ...rest, claims: { ...usual, ...claims } });
}

/** Another token, which is like this one but for what is changed. */
export function alter(token: string, { claims, ...rest }: Forgery): Promise<string> {
  return sign({ ...rest, claims: { ...decodeJwt(token), jti: crypto.randomUUID(), ...claims } });
}
