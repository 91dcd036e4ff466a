import { COSEALG, cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';

/** DER's tag of what wraps ES256's two numbers (RFC 3279 §2.2.3). */
const SEQUENCE = 0x30;
const HEADER_BYTES = 2;

/** §6.5.5: whether a signature ends where it says. The library takes bytes behind one by ES256. */
export function isWholeSignature(signature: string, publicKey: Uint8Array<ArrayBuffer>): boolean {
  if (decodeCredentialPublicKey(publicKey).get(cose.COSEKEYS.alg) !== COSEALG.ES256) return true;
  const bytes = Buffer.from(signature, 'base64url');
  return bytes[0] === SEQUENCE && bytes[1] === bytes.byteLength - HEADER_BYTES;
}
