import type { EntityTags, Precondition } from '../../model/storage/precondition.ts';

/** RFC 9110 §13.1. */
export function readCondition(headers: Headers): Precondition {
  return { ifMatch: readTags(headers, 'If-Match', 'strong'), ifNoneMatch: readTags(headers, 'If-None-Match', 'weak') };
}

function readTags(headers: Headers, name: string, comparison: 'strong' | 'weak'): EntityTags {
  const value = headers.get(name)?.trim();
  if (value === undefined) return null;
  if (value === '*') return '*';
  const listed = [...value.matchAll(/(W\/)?"([^"]*)"/g)];
  return listed.flatMap(([, weak, tag = '']) => (weak === undefined || comparison === 'weak' ? tag : []));
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}
