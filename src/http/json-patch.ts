import { isDeepStrictEqual } from 'node:util';
import { apply } from 'rfc6902/patch.js';
import * as v from 'valibot';
import { invalid, refuse } from '../model/failure.ts';
import { BODY_MAX_BYTES, PATCH_MAX_OPERATIONS, PATCH_VALUES_MAX, TEXT_MAX_CHARS } from '../model/limits/index.ts';

/** RFC 6902 §6, and plain JSON. */
export const PATCH_MEDIA_TYPES = ['application/json-patch+json', 'application/json'];

const Pointer = v.pipe(
  v.string(),
  v.maxLength(TEXT_MAX_CHARS),
  v.regex(/^(?:\/(?:[^~/]|~[01])*)+$/, 'Must be a JSON Pointer to a field (RFC 6901).'),
);
/**
 * Fields hold no deeper values. The rfc6902 package copies any object with a `length` and compares lists
 * quadratically.
 */
const Plain = v.union([v.string(), v.number(), v.boolean(), v.null()]);
const Value = v.union(
  [Plain, v.pipe(v.array(Plain), v.maxLength(PATCH_VALUES_MAX))],
  `Must be a text, a number, true, false, null, or a list of at most ${PATCH_VALUES_MAX} of these.`,
);
const withValue = (op: 'add' | 'replace' | 'test') => v.object({ op: v.literal(op), path: Pointer, value: Value });
const withFrom = (op: 'move' | 'copy') => v.object({ op: v.literal(op), path: Pointer, from: Pointer });

const ADDING_OPERATIONS: ReadonlySet<string> = new Set(['add', 'move', 'copy']);

/** RFC 6902 §4. */
export const JsonPatch = v.pipe(
  v.array(
    v.variant('op', [
      withValue('add'),
      withValue('replace'),
      withValue('test'),
      withFrom('move'),
      withFrom('copy'),
      v.object({ op: v.literal('remove'), path: Pointer }),
    ]),
  ),
  v.maxLength(PATCH_MAX_OPERATIONS),
);
export type JsonPatch = v.InferOutput<typeof JsonPatch>;

/**
 * The changed fields; null for a removed one. Refuses `target_missing` for an unknown path, `invalid` for a failed
 * test, `too_large`.
 */
export function applyPatch(
  operations: JsonPatch,
  document: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result = patched(document, operations);
  const changed = Object.keys(document).filter((field) => !isDeepStrictEqual(document[field], result[field]));
  return Object.fromEntries(changed.map((field) => [field, result[field] ?? null]));
}

function patched(document: Readonly<Record<string, unknown>>, operations: JsonPatch): Record<string, unknown> {
  const fields = new Set(Object.keys(document));
  const result = structuredClone(document) as Record<string, unknown>;
  for (const [index, operation] of operations.entries()) {
    findTarget(result, fields, operation.path, ADDING_OPERATIONS.has(operation.op));
    if ('from' in operation) findTarget(result, fields, operation.from, false);
    const error = apply(result, operation);
    if (error?.name === 'TestError')
      refuse(invalid('body', `${index}.value`, 'The test failed: that is not what stands there. Nothing was changed.'));
    if (error) refuse({ kind: 'target_missing', segment: segmentsOf(operation.path).at(-1) ?? '' });
    if (operation.op === 'copy' && JSON.stringify(result).length > BODY_MAX_BYTES) {
      refuse({ kind: 'too_large', maxBytes: BODY_MAX_BYTES });
    }
  }
  return result;
}

const segmentsOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Keeps pointers from leaving the document, for example to a prototype. */
function findTarget(document: object, fields: ReadonlySet<string>, pointer: string, adding: boolean): void {
  const [field = '', ...below] = segmentsOf(pointer);
  if (!fields.has(field)) refuse({ kind: 'target_missing', segment: field });
  let value: unknown = Reflect.get(document, field);
  for (const [depth, segment] of below.entries()) {
    const allowEnd = adding && depth === below.length - 1;
    if (!Array.isArray(value) || !isIndex(value, segment, allowEnd)) refuse({ kind: 'target_missing', segment });
    value = value[Number(segment)];
  }
}

/** `allowEnd`: also the position after the last element (RFC 6901 §4). */
function isIndex(list: readonly unknown[], segment: string, allowEnd: boolean): boolean {
  if (allowEnd && segment === '-') return true;
  return /^(?:0|[1-9]\d{0,5})$/.test(segment) && Number(segment) <= list.length - (allowEnd ? 0 : 1);
}
