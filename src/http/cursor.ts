import * as v from 'valibot';
import type { Position } from '../model/listing.ts';

const Cursor = v.tuple([
  v.string(),
  v.union([v.pipe(v.number(), v.safeInteger()), v.string()]),
  v.pipe(v.string(), v.uuid()),
]);

export function encodeCursor(sort: string, { value, id }: Position): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');
}

/** Null for an invalid cursor or one of another sort. */
export function decodeCursor(sort: string, cursor: string): Position | null {
  try {
    const [madeFor, value, id] = v.parse(Cursor, JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    const fits = madeFor === sort && (typeof value === 'number') === /At$/.test(sort);
    return fits ? { value, id } : null;
  } catch {
    return null;
  }
}
