import { decodePartialCBOR } from '@levischuck/tiny-cbor';

/** §8.7, §8.2. */
const FORMATS: readonly unknown[] = ['none', 'packed'];

/** §6.5.4. Throws for invalid CBOR. */
export function hasNoCertificate(attestationObject: string): boolean {
  const bytes = new Uint8Array(Buffer.from(attestationObject, 'base64url'));
  const [object, length] = decodePartialCBOR(bytes, 0);
  if (!(object instanceof Map) || length !== bytes.byteLength) return false;
  const statement = object.get('attStmt');
  return FORMATS.includes(object.get('fmt')) && statement instanceof Map && !statement.has('x5c');
}
