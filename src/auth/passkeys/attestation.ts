import { decodePartialCBOR } from '@levischuck/tiny-cbor';

/** §8.7, and §8.2 where a passkey attests to itself. */
const FORMATS: readonly unknown[] = ['none', 'packed'];

/**
 * §6.5.4: whether an attestation object is whole and has no certificate; throws where it is no CBOR. None is asked for,
 * so the library shall neither read one nor ask its issuer; and of what is cut off or goes on it reads what it finds.
 */
export function hasNoCertificate(attestationObject: string): boolean {
  const bytes = new Uint8Array(Buffer.from(attestationObject, 'base64url'));
  const [object, length] = decodePartialCBOR(bytes, 0);
  if (!(object instanceof Map) || length !== bytes.byteLength) return false;
  const statement = object.get('attStmt');
  return FORMATS.includes(object.get('fmt')) && statement instanceof Map && !statement.has('x5c');
}
