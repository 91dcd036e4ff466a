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
export function nowhere(): Response {
  return json({ message: 'There is nothing at this address.', code: 'NOT_FOUND' }, 404);
}

/** The headers that every answer carries (contracts: common, Requests); `Cache-Control` only where none is set. */
export function finish(response: Response, requestId: string, bookmark: string | null): Response {
  const { headers } = response;
  if (bookmark !== null) headers.set('X-D1-Bookmark', bookmark);
  headers.set('X-Request-Id', requestId);
  headers.set('X-Content-Type-Options', 'nosniff');
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
  return response;
}

/** The same answer without its body, for HEAD (RFC 9110 §9.3.2). */
export function withoutBody(response: Response): Response {
  return new Response(null, { status: response.status, headers: response.headers });
}
