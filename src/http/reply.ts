import { HTTPS_ONLY_SECONDS } from '../model/limits/index.ts';

type Headers = Readonly<Record<string, string>>;

/** An answer with JSON already written; null is an empty body. */
export function reply(status: number, text: string | null, headers: Headers = {}): Response {
  if (text === null) return new Response(null, { status, headers });
  return new Response(text, { status, headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' } });
}

/** A JSON answer. */
export function json(body: unknown, status = 200, headers: Headers = {}): Response {
  return reply(status, JSON.stringify(body), headers);
}

/** The answer where no dialect is at home. */
export function notFound(): Response {
  return json({ message: 'There is nothing at this address.', code: 'NOT_FOUND' }, 404);
}

/** For answers that are not pages: a browser that shows one loads and runs nothing, and frames it nowhere. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

type Finish = {
  readonly requestId: string;
  readonly bookmark: string | null;
  /** Whether browsers are told to come by https only (RFC 6797). */
  readonly https: boolean;
};

/** The headers that every answer carries; `Cache-Control` and `Content-Security-Policy` only where none is set. */
export function finish(response: Response, { requestId, bookmark, https }: Finish): Response {
  const { headers } = response;
  if (bookmark !== null) headers.set('X-D1-Bookmark', bookmark);
  headers.set('X-Request-Id', requestId);
  headers.set('X-Content-Type-Options', 'nosniff');
  if (https) headers.set('Strict-Transport-Security', `max-age=${HTTPS_ONLY_SECONDS}`);
  if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', NOTHING);
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
  return response;
}

/** The same answer without its body, for HEAD (RFC 9110 §9.3.2); a stream that nobody reads is ended. */
export function withoutBody(response: Response): Response {
  response.body?.cancel().catch(() => {});
  return new Response(null, { status: response.status, headers: response.headers });
}
