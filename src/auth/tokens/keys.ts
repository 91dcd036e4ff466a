import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { Env } from '../../env.ts';

/** By `kid`. A key verifies one algorithm only (RFC 8725 §3.1). */
export type Verifiers = ReadonlyMap<string, { readonly alg: string; readonly key: CryptoKey }>;
export type KeyRing = {
  readonly signer: { readonly kid: string; readonly alg: string; readonly key: CryptoKey };
  readonly verifiers: Verifiers;
  /** With the keys that signed the audit log before. */
  readonly auditVerifiers: Verifiers;
};
export type PublicJwk = JWK & { readonly kid: string; readonly alg: string };

const rings = new WeakMap<Env, KeyRing>();

export async function keyRing(env: Env): Promise<KeyRing> {
  const known = rings.get(env);
  if (known !== undefined) return known;
  const [first] = env.signingKeys;
  if (first === undefined) throw new Error('no signing key');
  const verifiers = await verifiersOf(publicKeys(env.signingKeys));
  const ring = {
    signer: { kid: first.kid, alg: first.alg, key: await importKey(first) },
    verifiers,
    auditVerifiers: new Map([...(await verifiersOf(publicKeys(env.auditKeys))), ...verifiers]),
  };
  rings.set(env, ring);
  return ring;
}

/** RFC 7517 §5. */
export function publicKeys(keys: readonly JWK[]): PublicJwk[] {
  return keys.map(({ kid = '', kty, alg = '', crv, x, y, n, e }) => {
    const material = kty === 'EC' ? { crv, x, y } : { n, e };
    return { kid, kty, alg, use: 'sig', ...material } as PublicJwk;
  });
}

export async function verifiersOf(keys: readonly PublicJwk[]): Promise<Verifiers> {
  return new Map(
    await Promise.all(keys.map(async (jwk) => [jwk.kid, { alg: jwk.alg, key: await importKey(jwk) }] as const)),
  );
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk);
  if (key instanceof Uint8Array) throw new Error('a signing key must be asymmetric');
  return key;
}
