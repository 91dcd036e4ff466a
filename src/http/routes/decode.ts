import * as v from 'valibot';
import { type Issue, invalid, refuse } from '../../model/failure.ts';
import { ISSUES_MAX } from '../../model/limits/index.ts';

/** Refuses `invalid` with up to `ISSUES_MAX` issues. */
export function decode<S extends v.GenericSchema>(schema: S, input: unknown, where: Issue['in']): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  const issues = [
    ...findArraysForObjects(schema, input, where),
    ...(result.issues ?? []).slice(0, ISSUES_MAX).map((issue) => describe(issue, where)),
  ];
  if (result.success && issues.length === 0) return result.output;
  refuse({ kind: 'invalid', issues });
}

/** valibot accepts an array as an object with optional keys. */
function findArraysForObjects(
  schema: v.GenericSchema,
  input: unknown,
  where: Issue['in'],
  path: readonly string[] = [],
): Issue[] {
  if ('wrapped' in schema) return findArraysForObjects(schema.wrapped as v.GenericSchema, input, where, path);
  if (!('entries' in schema) || typeof input !== 'object' || input === null) return [];
  if (Array.isArray(input))
    return [{ in: where, field: path.join('.'), message: 'Must be an object.', rule: 'object' }];
  return Object.entries(schema.entries as Record<string, v.GenericSchema>).flatMap(([key, entry]) =>
    Object.hasOwn(input, key) ? findArraysForObjects(entry, Reflect.get(input, key), where, [...path, key]) : [],
  );
}

/** Refuses a malformed escape. */
export function decodePath(params: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeSegment(name, value)]));
}

function decodeSegment(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    refuse(invalid('path', name, 'Malformed percent-escape.'));
  }
}

// The received value is not repeated: it may be a password.
function describe(issue: v.BaseIssue<unknown>, where: Issue['in']): Issue {
  const field = v.getDotPath(issue) ?? '';
  if (issue.received === 'undefined') return { in: where, field, message: 'Is required.', rule: 'missing' };
  const message = issue.message.startsWith('Invalid ') ? messageOf(issue) : issue.message;
  return { in: where, field, message, rule: issue.type };
}

function messageOf({ type, requirement, expected, input }: v.BaseIssue<unknown>): string {
  const unit = Array.isArray(input) ? 'entries' : requirement === 1 ? 'character' : 'characters';
  switch (type) {
    case 'min_length':
      return `Must have at least ${requirement} ${unit}.`;
    case 'max_length':
      return `Must have at most ${requirement} ${unit}.`;
    case 'min_value':
      return `Must be at least ${requirement}.`;
    case 'max_value':
      return `Must be at most ${requirement}.`;
    case 'integer':
    case 'digits':
      return 'Must be a whole number.';
    case 'picklist':
    case 'variant':
      return `Must be one of ${(expected ?? '').replace(/[()]/g, '').replaceAll(' | ', ', ')}.`;
    case 'uuid':
      return 'Must be a UUID.';
    default:
      return /^\w+$/.test(expected ?? '')
        ? `Must be ${expected === 'Object' || expected === 'Array' ? 'an' : 'a'} ${expected?.toLowerCase()}.`
        : 'Is not valid.';
  }
}
