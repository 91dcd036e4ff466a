import type { Upload } from '../../domain/storage/objects.ts';
import { invalid, refuse } from '../../model/failure.ts';
import { MEDIA_TYPE_MAX_CHARS, OBJECT_MAX_BYTES } from '../../model/limits/index.ts';
import { readCondition } from './conditions.ts';

/** Does not read the body. Refuses `length_required`, `too_large`, `invalid` for its media type. */
export function readUpload({ headers, body }: Request): Upload {
  const length = headers.get('Content-Length') ?? '';
  if (!/^\d+$/.test(length)) refuse({ kind: 'length_required' });
  const size = Number(length);
  if (size > OBJECT_MAX_BYTES) refuse({ kind: 'too_large', maxBytes: OBJECT_MAX_BYTES });
  const contentType = headers.get('Content-Type')?.trim() || 'application/octet-stream';
  if (contentType.length > MEDIA_TYPE_MAX_CHARS || !/^[\x20-\x7e]+$/.test(contentType))
    refuse(invalid('header', 'Content-Type', `Must have at most ${MEDIA_TYPE_MAX_CHARS} characters of ASCII.`));
  return { body, size, contentType, condition: readCondition(headers) };
}
