import * as v from 'valibot';
import {
  CURVE_BYTES,
  RSA_EXPONENT_MAX_BYTES,
  RSA_MODULUS_MAX_BYTES,
  RSA_MODULUS_MIN_BYTES,
} from '../../model/limits.ts';
import { readMap } from './cbor.ts';

/** IANA's COSE registry: what stands where in a key (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4). */
const KTY = '1';
const ALG = '3';
const CRV = '-1';
const X = '-2';
const Y = '-3';
const N = '-1';
const E = '-2';

const EDDSA = -8;
const ES256 = -7;
const RS256 = -257;

/** Signatures that we take, the best known first: phones and security keys have ES256, Windows Hello has RS256. */
export const ALGORITHMS = [ES256, EDDSA, RS256] as const;

const number = (minBytes: number, maxBytes: number) =>
  v.pipe(
    v.instance(Uint8Array),
    v.minLength(minBytes),
    v.maxLength(maxBytes),
    v.transform((bytes) => Buffer.from(bytes).toString('base64url')),
  );
const coordinate = number(CURVE_BYTES, CURVE_BYTES);

const CoseKey = v.variant(ALG, [
  v.pipe(
    v.object({ [KTY]: v.literal(2), [ALG]: v.literal(ES256), [CRV]: v.literal(1), [X]: coordinate, [Y]: coordinate }),
    v.transform(({ [X]: x, [Y]: y }) => ({
      algorithm: { name: 'ECDSA', namedCurve: 'P-256' },
      jwk: { kty: 'EC', crv: 'P-256', x, y },
    })),
  ),
  v.pipe(
    v.object({ [KTY]: v.literal(1), [ALG]: v.literal(EDDSA), [CRV]: v.literal(6), [X]: coordinate }),
    v.transform(({ [X]: x }) => ({ algorithm: { name: 'Ed25519' }, jwk: { kty: 'OKP', crv: 'Ed25519', x } })),
  ),
  v.pipe(
    v.object({
      [KTY]: v.literal(3),
      [ALG]: v.literal(RS256),
      [N]: number(RSA_MODULUS_MIN_BYTES, RSA_MODULUS_MAX_BYTES),
      [E]: number(1, RSA_EXPONENT_MAX_BYTES),
    }),
    v.transform(({ [N]: n, [E]: e }) => ({
      algorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      jwk: { kty: 'RSA', n, e },
    })),
  ),
]);

/** A COSE_Key (RFC 9052 §7) to verify with, or null where it is none of a kind that we take. */
export async function importPublicKey(cose: Uint8Array): Promise<CryptoKey | null> {
  const key = v.safeParse(CoseKey, readMap(cose)?.map);
  if (!key.success) return null;
  const { jwk, algorithm } = key.output;
  // WebCrypto throws where a point is not on its curve.
  return crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']).catch(() => null);
}
