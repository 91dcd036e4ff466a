import * as v from 'valibot';
import { text } from '../fields.ts';
import { OBJECT_KEY_MAX_BYTES } from '../limits/index.ts';

/** URL parsers drop segments `.` and `..`, so such a key would lead to another object. */
export const ObjectKey = v.pipe(
  text(1, OBJECT_KEY_MAX_BYTES),
  v.check(
    (key) => key.length > OBJECT_KEY_MAX_BYTES || Buffer.byteLength(key) <= OBJECT_KEY_MAX_BYTES,
    `Must have at most ${OBJECT_KEY_MAX_BYTES} bytes of UTF-8.`,
  ),
  v.check((key) => !/(?:^|\/)\.{1,2}(?:\/|$)/.test(key), 'Must not have . or .. between slashes.'),
);
