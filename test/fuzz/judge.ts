import type { Reply } from '../support/api.ts';
import type { Book, Operation } from './operation.ts';

/** A request as it was sent. */
export type Sent = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | Uint8Array | null;
};

const SANE_ID = /^[\w.:-]{1,128}$/;

/** What an answer breaks of what is promised of all answers, or of its operation's. */
export function wrongWith(book: Book, sent: Sent, reply: Reply): string[] {
  return [...wrongForAll(sent, reply), ...wrongForOne(book, sent, reply)];
}

/** The operation that a request came to, if there is one. */
export function operationOf(book: Book, { method, url }: Sent): Operation | undefined {
  const asked = method === 'HEAD' ? 'GET' : method;
  return placeOf(book, url)?.find((operation) => operation.method === asked);
}

const placeOf = (book: Book, { pathname }: URL) => book.find(({ matches }) => matches(pathname))?.operations;

function wrongForAll({ method, headers: asked }: Sent, { status, headers, text }: Reply): string[] {
  const id = asked.get('X-Request-Id') ?? '';
  const bodiless = method === 'HEAD' || status === 204 || status === 304;
  return [
    ...(status >= 500 ? ['a fault'] : []),
    ...(!headers.get('X-Request-Id') ? ['no X-Request-Id'] : []),
    ...(SANE_ID.test(id) && headers.get('X-Request-Id') !== id ? ["not the caller's X-Request-Id"] : []),
    ...(headers.get('X-Content-Type-Options') !== 'nosniff' ? ['no X-Content-Type-Options'] : []),
    ...(!headers.has('Cache-Control') ? ['no Cache-Control'] : []),
    ...(status === 405 && !headers.has('Allow') ? ['405 without Allow'] : []),
    ...(status === 401 && !headers.has('WWW-Authenticate') ? ['401 without WWW-Authenticate'] : []),
    ...(status === 429 && !headers.has('Retry-After') ? ['429 without Retry-After'] : []),
    ...(bodiless && text !== '' ? ['a body where there is none'] : []),
  ];
}

function wrongForOne(book: Book, sent: Sent, { status, headers, text }: Reply): string[] {
  const place = placeOf(book, sent.url);
  // Paths that lead out of the dialect, or into another: what is promised of all answers is all.
  if (place === undefined) return [];
  const operation = operationOf(book, sent);
  if (operation === undefined && place.some(({ alone }) => alone))
    return status === 404 ? [] : [`nothing answered ${status}`];
  if (sent.method === 'OPTIONS') return status === 204 && headers.has('Allow') ? [] : [`OPTIONS answered ${status}`];
  if (operation === undefined) return status === 405 ? [] : [`a method that it has not answered ${status}`];
  // A GET that uses something up, or makes it, is not to be tried.
  if (sent.method === 'HEAD' && status === 405) return [];
  const declared = operation.answers(status);
  if (declared === undefined) return [`${operation.method} ${operation.path} does not declare ${status}`];
  const mediaTypes = Object.keys(declared);
  const sentType = headers.get('Content-Type')?.split(';')[0];
  if (mediaTypes.length === 0) return text === '' ? [] : [`${status} is declared without a body`];
  const judge = declared[sentType ?? ''] ?? declared['*/*'];
  if (judge === undefined) return [`${status} is declared as ${mediaTypes.join(' or ')}, not ${sentType}`];
  const wrong = sent.method === 'HEAD' || status === 304 ? undefined : judge(text);
  return wrong === undefined ? [] : [`${status} is not as its schema says: ${wrong}`];
}
