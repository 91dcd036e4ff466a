import { createPublicKey, verify } from 'node:crypto';

/** COSE_Key parameters (RFC 9053 §7.1.1). */
const ALG = 3;
const CRV = -1;
const X = -2;
const Y = -3;
const ES256 = -7;
const P256 = 1;

type Signed = {
  readonly cosePublicKey: ReadonlyMap<number, unknown>;
  readonly signature: Uint8Array;
  readonly data: Uint8Array;
  readonly shaHashOverride?: number;
};

/** WebAuthn §6.5.5: signatures are DER. */
export async function verifyEC2({ cosePublicKey: key, signature, data, shaHashOverride = ES256 }: Signed) {
  const [x, y] = [key.get(X), key.get(Y)];
  if (key.get(ALG) !== ES256 || key.get(CRV) !== P256 || shaHashOverride !== ES256) throw new Error('not ES256');
  if (!(x instanceof Uint8Array && y instanceof Uint8Array)) throw new Error('no point');
  const point = { x: Buffer.from(x).toString('base64url'), y: Buffer.from(y).toString('base64url') };
  return verify(
    'sha256',
    data,
    createPublicKey({ key: { kty: 'EC', crv: 'P-256', ...point }, format: 'jwk' }),
    signature,
  );
}

/** node:crypto reads DER, so nothing is unwrapped. */
export function unwrapEC2Signature(signature: Uint8Array): Uint8Array {
  return signature;
}
