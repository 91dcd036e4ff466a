import * as v from 'valibot';
import { text } from '../fields.ts';
import { OBJECT_KEY_MAX_BYTES } from '../limits/index.ts';

/**
 * The key of an object: opaque, but for segments that are `.` or `..`. Those vanish from an address before anybody sees it,
 * so that a key with one could lead to another object.
 */
export const ObjectKey = v.pipe(
  text(1, OBJECT_KEY_MAX_BYTES),
  v.check(
    (key) => key.length > OBJECT_KEY_MAX_BYTES || Buffer.byteLength(key) <= OBJECT_KEY_MAX_BYTES,
    `Must have at most ${OBJECT_KEY_MAX_BYTES} bytes of UTF-8.`,
  ),
  v.check((key) => !/(?:^|\/)\.{1,2}(?:\/|$)/.test(key), 'Must not have . or .. between slashes.'),
);
