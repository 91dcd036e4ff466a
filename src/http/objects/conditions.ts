import type { EntityTags, Precondition } from '../../model/storage/precondition.ts';

/** `If-Match` and `If-None-Match` (RFC 9110 §13.1). */
export function readCondition(headers: Headers): Precondition {
  return { ifMatch: readTags(headers, 'If-Match', 'strong'), ifNoneMatch: readTags(headers, 'If-None-Match', 'weak') };
}

/** The tags of a list that can match in this comparison (RFC 9110 §8.8.3.2): our own are strong. */
function readTags(headers: Headers, name: string, comparison: 'strong' | 'weak'): EntityTags {
  const value = headers.get(name)?.trim();
  if (value === undefined) return null;
  if (value === '*') return '*';
  const listed = [...value.matchAll(/(W\/)?"([^"]*)"/g)];
  return listed.flatMap(([, weak, tag = '']) => (weak === undefined || comparison === 'weak' ? tag : []));
}

/** An entity tag as it stands in headers. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}
