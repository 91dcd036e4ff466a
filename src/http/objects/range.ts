import { refuse } from '../../model/failure.ts';
import type { ByteRange } from '../../model/storage/storage.ts';
import { quoted } from './conditions.ts';

/**
 * RFC 9110 §14.2. Null, which means all bytes, for several ranges, another unit, or an `If-Range` of another version
 * or with a date. Refuses `range_unsatisfiable`.
 */
export function readRange(headers: Headers, { size, etag }: { size: number; etag: string }): ByteRange | null {
  const [, first = '', last = ''] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(headers.get('Range')?.trim() ?? '') ?? [];
  const ifRange = headers.get('If-Range');
  if (first === '' && last === '') return null;
  if (ifRange !== null && ifRange.trim() !== quoted(etag)) return null;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (offset >= end) refuse({ kind: 'range_unsatisfiable', sizeBytes: size });
  return { offset, length: end - offset };
}
