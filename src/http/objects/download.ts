import { refuse } from '../../model/failure.ts';
import { matchesTag } from '../../model/storage/precondition.ts';
import type { ByteRange, StoredObject } from '../../model/storage/storage.ts';
import { quoted, readCondition } from './conditions.ts';
import { readRange } from './range.ts';

export type DownloadPlan = { readonly status: 200 | 206 | 304; readonly bytes: ByteRange | 'all' | 'none' };

/** RFC 9110 §13.2.2. Refuses `precondition_failed`, `range_unsatisfiable`. */
export function selectBytes({ method, headers }: Request, object: StoredObject): DownloadPlan {
  const { ifMatch, ifNoneMatch } = readCondition(headers);
  const unchanged =
    ifMatch === null ? !isAfter(object, headers.get('If-Unmodified-Since')) : matchesTag(ifMatch, object.etag);
  if (!unchanged) refuse({ kind: 'precondition_failed' });
  const ifModifiedSince = headers.get('If-Modified-Since');
  const known =
    ifNoneMatch === null
      ? isDate(ifModifiedSince) && !isAfter(object, ifModifiedSince)
      : matchesTag(ifNoneMatch, object.etag);
  if (known) return { status: 304, bytes: 'none' };
  if (method === 'HEAD') return { status: 200, bytes: 'none' };
  const part = readRange(headers, object);
  return part === null ? { status: 200, bytes: 'all' } : { status: 206, bytes: part };
}

/** Keeps browsers from running the object, and proxies from compressing it. */
export function downloadResponse(
  object: StoredObject,
  { status, bytes }: DownloadPlan,
  body: ReadableStream | null,
): Response {
  const headers = new Headers({
    ETag: quoted(object.etag),
    'Last-Modified': new Date(object.since).toUTCString(),
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'no-store, no-transform',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Content-Disposition': 'attachment',
  });
  if (status === 304) return new Response(null, { status, headers });
  const part = typeof bytes === 'object' ? bytes : null;
  headers.set('Content-Type', object.contentType);
  headers.set('Content-Length', String(part?.length ?? object.size));
  if (part !== null)
    headers.set('Content-Range', `bytes ${part.offset}-${part.offset + part.length - 1}/${object.size}`);
  return new Response(body, { status, headers });
}

/** RFC 9110 §5.6.7. `Date.parse` alone accepts almost any text. */
const DATE = /^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/;
const isDate = (value: string | null): value is string =>
  value !== null && DATE.test(value) && !Number.isNaN(Date.parse(value));

/** In whole seconds, as in headers; an invalid date counts as future. */
function isAfter({ since }: StoredObject, date: string | null): boolean {
  return isDate(date) && Math.floor(since / 1000) > Math.floor(Date.parse(date) / 1000);
}
