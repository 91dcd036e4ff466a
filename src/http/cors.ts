import { CORS_MAX_AGE_SECONDS } from '../model/limits/index.ts';
import type { RequestContext } from './request-context.ts';

/** What scripts may send beside what every form may (Fetch §3.3). */
const ASKED = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'X-Request-Id',
  'X-D1-Bookmark',
  'If-Match',
  'If-None-Match',
  'If-Modified-Since',
  'If-Unmodified-Since',
  'If-Range',
  'Range',
].join(', ');
/** What scripts may read beside what every script may. */
const ANSWERED = [
  'Link',
  'Location',
  'ETag',
  'Accept-Ranges',
  'Content-Range',
  'Content-Disposition',
  'Idempotency-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-D1-Bookmark',
  'X-Rate-Limit-Limit',
  'X-Rate-Limit-Remaining',
  'X-Rate-Limit-Reset',
  'X-Request-Id',
].join(', ');

/**
 * Lets scripts of the origins on the list read an answer (Fetch, CORS protocol). Never with cookies, which belong to the
 * pages: the API knows its callers by a header. To anybody else it says nothing, but caches are told that it might have.
 */
export function allowOrigin({ env, request }: RequestContext, { headers }: Response): void {
  if (env.corsOrigins.size === 0) return;
  headers.append('Vary', 'Origin');
  const origin = request.headers.get('Origin');
  if (origin === null || !env.corsOrigins.has(origin)) return;
  headers.set('Access-Control-Allow-Origin', origin);
  const methods = headers.get('Allow');
  if (request.method === 'OPTIONS' && request.headers.has('Access-Control-Request-Method') && methods !== null) {
    headers.set('Access-Control-Allow-Methods', methods);
    headers.set('Access-Control-Allow-Headers', ASKED);
    headers.set('Access-Control-Max-Age', String(CORS_MAX_AGE_SECONDS));
    return;
  }
  headers.set('Access-Control-Expose-Headers', ANSWERED);
}
