import { HTTPS_ONLY_SECONDS } from '../model/limits/index.ts';

type Headers = Readonly<Record<string, string>>;

export function reply(status: number, text: string | null, headers: Headers = {}): Response {
  if (text === null) return new Response(null, { status, headers });
  return new Response(text, { status, headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' } });
}

export function jsonResponse(body: unknown, status = 200, headers: Headers = {}): Response {
  return reply(status, JSON.stringify(body), headers);
}

export function notFound(): Response {
  return jsonResponse({ message: 'There is nothing at this address.', code: 'NOT_FOUND' }, 404);
}

/** For non-page responses: a browser that shows one loads and runs nothing. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

type FinalHeaders = {
  readonly requestId: string;
  readonly bookmark: string | null;
  /** HSTS (RFC 6797). */
  readonly https: boolean;
};

export function addCommonHeaders(response: Response, { requestId, bookmark, https }: FinalHeaders): Response {
  const { headers } = response;
  if (bookmark !== null) headers.set('X-D1-Bookmark', bookmark);
  headers.set('X-Request-Id', requestId);
  headers.set('X-Content-Type-Options', 'nosniff');
  if (https) headers.set('Strict-Transport-Security', `max-age=${HTTPS_ONLY_SECONDS}`);
  if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', DATA_POLICY);
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
  return response;
}

/** RFC 9110 §9.3.2. */
export function withoutBody(response: Response): Response {
  response.body?.cancel().catch(() => {});
  return new Response(null, { status: response.status, headers: response.headers });
}
