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

/** Scripts read these without being allowed to (Fetch §2.2.6), or only the browser itself uses them. */
const UNEXPOSED =
  /^(access-control-.*|vary|set-cookie|cache-control|content-(type|length|language|security-policy)|expires|last-modified|pragma|strict-transport-security|x-content-type-options)$/;

/**
 * Lets scripts of the origins on the list read an answer and its headers (Fetch, CORS protocol). Never with cookies, which
 * belong to the pages: the API knows its callers by a header. To anybody else it says nothing, but caches are told that it
 * might have.
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
  const exposed = [...headers.keys()].filter((name) => !UNEXPOSED.test(name));
  headers.set('Access-Control-Expose-Headers', exposed.join(', '));
}
