import { CORS_MAX_AGE_SECONDS } from '../model/limits/index.ts';
import type { RequestContext } from './request-context.ts';

const ALLOWED_REQUEST_HEADERS = [
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

/** Readable without permission (Fetch §2.2.6), or used by the browser only. */
const UNEXPOSED =
  /^(access-control-.*|vary|set-cookie|cache-control|content-(type|length|language|security-policy)|expires|last-modified|pragma|strict-transport-security|x-content-type-options)$/;

/** The CORS protocol of Fetch, without credentials: only pages use cookies. `Vary` is set for every origin. */
export function allowOrigin({ env, request }: RequestContext, { headers }: Response): void {
  if (env.corsOrigins.size === 0) return;
  headers.append('Vary', 'Origin');
  const origin = request.headers.get('Origin');
  if (origin === null || !env.corsOrigins.has(origin)) return;
  headers.set('Access-Control-Allow-Origin', origin);
  const methods = headers.get('Allow');
  if (request.method === 'OPTIONS' && request.headers.has('Access-Control-Request-Method') && methods !== null) {
    headers.set('Access-Control-Allow-Methods', methods);
    headers.set('Access-Control-Allow-Headers', ALLOWED_REQUEST_HEADERS);
    headers.set('Access-Control-Max-Age', String(CORS_MAX_AGE_SECONDS));
    return;
  }
  const exposed = [...headers.keys()].filter((name) => !UNEXPOSED.test(name));
  headers.set('Access-Control-Expose-Headers', exposed.join(', '));
}
