import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { Env } from '../env.ts';

export type KeyRing = {
  readonly signer: { readonly kid: string; readonly alg: string; readonly key: CryptoKey };
  /** By `kid`; a key verifies only the algorithm it was made for (RFC 8725 §3.1). */
  readonly verifiers: ReadonlyMap<string, { readonly alg: string; readonly key: CryptoKey }>;
};

const rings = new WeakMap<Env, KeyRing>();

/** Our signing keys, imported once per isolate. */
export async function keyRing(env: Env): Promise<KeyRing> {
  const known = rings.get(env);
  if (known !== undefined) return known;
  const [first] = env.signingKeys;
  if (first === undefined) throw new Error('no signing key');
  const verifiers = new Map<string, { alg: string; key: CryptoKey }>();
  for (const jwk of publicKeys(env)) verifiers.set(jwk.kid, { alg: jwk.alg, key: await importKey(jwk) });
  const ring = { signer: { kid: first.kid, alg: first.alg, key: await importKey(first) }, verifiers };
  rings.set(env, ring);
  return ring;
}

/** The public halves, as published (RFC 7517 §5). */
export function publicKeys(env: Env) {
  return env.signingKeys.map(({ kid, kty, alg, ...rest }) => {
    const { crv, x, y, n, e } = rest as JWK;
    const material = kty === 'EC' ? { crv, x, y } : { n, e };
    return { kid, kty, alg, use: 'sig', ...material } as JWK & { kid: string; alg: string };
  });
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk);
  if (key instanceof Uint8Array) throw new Error('a signing key must be asymmetric');
  return key;
}
