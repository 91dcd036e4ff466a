import type { Exchange } from '../http/exchange.ts';
import { json } from '../http/reply.ts';
import { tooManyRequests } from '../oauth/oauth-error.ts';
import { busyPage } from './sign-in/message.ts';
import { plainVisit } from './sign-in/visit.ts';

const OAUTH = ['/oauth/token', '/oauth/revoke'];

/** That an address asked too often, whatever for: to a browser as a page, to a client of OAuth in its words. */
export function busy(exchange: Exchange, retryAfterSeconds: number): Response | Promise<Response> {
  const { request, url } = exchange;
  if (OAUTH.includes(url.pathname)) return tooManyRequests(retryAfterSeconds);
  if (request.headers.get('Accept')?.includes('text/html')) return busyPage(plainVisit(exchange), retryAfterSeconds);
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return json({ message: 'Too many requests.', code: 'RATE_LIMIT_EXCEEDED' }, 429, headers);
}
