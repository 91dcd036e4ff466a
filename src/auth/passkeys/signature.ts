import { CURVE_BYTES } from '../../model/limits.ts';

/** DER's tags (ITU-T X.690 §8.3, §8.9). */
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** Whether a key signed the data, in the form of its algorithm (§6.5). */
export async function isSignedBy(
  key: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  data: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { name } = key.algorithm;
  const raw = name === 'ECDSA' ? withoutDer(signature) : signature;
  return raw !== null && crypto.subtle.verify({ name, hash: 'SHA-256' }, key, raw, data);
}

/** Authenticators wrap r and s into DER (RFC 3279 §2.2.3); WebCrypto takes them side by side. */
function withoutDer(der: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (der[0] !== SEQUENCE || der[1] !== der.byteLength - 2) return null;
  const r = readInteger(der, 2);
  const s = r === null ? null : readInteger(der, r.end);
  if (r === null || s?.end !== der.byteLength) return null;
  return new Uint8Array(Buffer.concat([r.bytes, s.bytes]));
}

function readInteger(der: Uint8Array, at: number): { bytes: Uint8Array; end: number } | null {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== INTEGER || length === 0 || end > der.byteLength) return null;
  // A zero in front keeps the number from being negative.
  const digits = der.subarray(der[at + 2] === 0 ? at + 3 : at + 2, end);
  if (digits.byteLength > CURVE_BYTES) return null;
  const bytes = new Uint8Array(CURVE_BYTES);
  bytes.set(digits, CURVE_BYTES - digits.byteLength);
  return { bytes, end };
}
