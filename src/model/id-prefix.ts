/** Sorts before every UUIDv7 of `ms` or later (RFC 9562 §5.7). */
export function idPrefixAt(ms: number): string {
  const time = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}
