import { jsonResponse } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import { busyPage } from './sign-in/message.ts';
import { plainVisit } from './sign-in/visit.ts';

export function tooManyRequests(retryAfterSeconds: number, context: RequestContext): Response | Promise<Response> {
  const accept = context.request.headers.get('Accept');
  if (accept?.includes('text/html')) return busyPage(plainVisit(context), retryAfterSeconds);
  return tooManyRequestsJson(retryAfterSeconds);
}

export function tooManyRequestsJson(retryAfterSeconds: number): Response {
  const headers = { 'Retry-After': String(retryAfterSeconds) };
  return jsonResponse({ message: 'Too many requests.', code: 'RATE_LIMIT_EXCEEDED' }, 429, headers);
}
