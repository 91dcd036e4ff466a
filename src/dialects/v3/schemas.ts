import * as v from 'valibot';
import { text } from '../../model/fields.ts';
import { TEXT_MAX_CHARS } from '../../model/limits/index.ts';

export const AnyText = text(0, TEXT_MAX_CHARS);
export const Blank = v.optional(AnyText, '');
export const id = v.pipe(v.string(), v.uuid());
export const time = v.pipe(v.string(), v.isoTimestamp());
export const stamps = { id, createdAt: time, updatedAt: time };

export const ErrorBody = v.object({
  message: v.string(),
  code: v.string(),
  errors: v.optional(v.array(v.object({ field: v.string(), message: v.string() }))),
});
