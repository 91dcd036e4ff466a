import * as v from 'valibot';
import { TEXT_MAX_CHARS } from '../../model/limits.ts';
import type { Position } from '../../model/listing.ts';

/** Folding may lengthen a text; the longest sort value is a full name of two fields. */
const LONGEST_VALUE = 4 * TEXT_MAX_CHARS;
const Cursor = v.tuple([
  v.string(),
  v.union([v.pipe(v.number(), v.safeInteger()), v.pipe(v.string(), v.maxLength(LONGEST_VALUE))]),
  v.pipe(v.string(), v.uuid()),
]);

/** A position in a list of this sort, opaque to callers. */
export function encodeCursor(sort: string, { value, id }: Position): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');
}

/** The position a cursor stands for, or null where it is none or belongs to another sort. */
export function decodeCursor(sort: string, cursor: string): Position | null {
  try {
    const [madeFor, value, id] = v.parse(Cursor, JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    const fits = madeFor === sort && (typeof value === 'number') === /At$/.test(sort);
    return fits ? { value, id } : null;
  } catch {
    return null;
  }
}
