import * as v from 'valibot';
import { type Issue, invalid, refuse } from '../model/failure.ts';

/** Parses one part of a request. Refuses `invalid` with every issue found. */
export function decode<S extends v.GenericSchema>(schema: S, input: unknown, where: Issue['in']): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  refuse({ kind: 'invalid', issues: result.issues.map((issue) => describe(issue, where)) });
}

/** Percent-decodes the path's parameters, which the router leaves as they came. Refuses a malformed escape. */
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

// What was received is not said again: it may be a password.
function describe(issue: v.BaseIssue<unknown>, where: Issue['in']): Issue {
  const field = v.getDotPath(issue) ?? '';
  if (issue.received === 'undefined') return { in: where, field, message: 'Is required.' };
  const message = issue.message.replace(/(?: but received|: Received) [\s\S]*$/, '');
  return { in: where, field, message: message.endsWith('.') ? message : `${message}.` };
}
