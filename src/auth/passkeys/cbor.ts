import { decodePartialCBOR } from '@levischuck/tiny-cbor';

/** The CBOR map that starts at an offset, by its keys as text, and where it ends; null where there is no whole one. */
export function readMap(data: Uint8Array, offset = 0): { map: Readonly<Record<string, unknown>>; end: number } | null {
  try {
    const [value, length] = decodePartialCBOR(data, offset);
    const end = offset + length;
    return value instanceof Map && end <= data.byteLength ? { map: Object.fromEntries(value), end } : null;
  } catch {
    return null;
  }
}
