import { createPublicKey, verify } from 'node:crypto';

/** Parameters of a COSE_Key (RFC 9053 §7.1.1) and what ES256 has there. */
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
  /** The algorithm that an attestation names. */
  readonly shaHashOverride?: number;
};

/** Whether a signature in DER, as authenticators make them (WebAuthn §6.5.5), is by an ES256 key. */
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

/** The library takes signatures out of DER for WebCrypto; node:crypto reads them as they are. */
export function unwrapEC2Signature(signature: Uint8Array): Uint8Array {
  return signature;
}
