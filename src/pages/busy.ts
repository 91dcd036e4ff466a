import { json } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import { tooManyRequests } from '../oauth/oauth-error.ts';
import { busyPage } from './sign-in/message.ts';
import { plainVisit } from './sign-in/visit.ts';

const OAUTH = ['/oauth/token', '/oauth/revoke'];

/** That an address asked too often, whatever for: to a browser as a page, to a client of OAuth in its words. */
export function busy(context: RequestContext, retryAfterSeconds: number): Response | Promise<Response> {
  const { request, url } = context;
  if (OAUTH.includes(url.pathname)) return tooManyRequests(retryAfterSeconds);
  if (request.headers.get('Accept')?.includes('text/html')) return busyPage(plainVisit(context), retryAfterSeconds);
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return json({ message: 'Too many requests.', code: 'RATE_LIMIT_EXCEEDED' }, 429, headers);
}
