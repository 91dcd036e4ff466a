import type { RequestOrigin } from '../../model/events/audit.ts';
import { USER_AGENT_MAX_CHARS } from '../../model/limits/index.ts';
import { addressOf } from './address.ts';

/** Where a request comes from, as the audit log says it. */
export function originOf(request: Request): RequestOrigin {
  // What is cut may end in half a surrogate pair, which no JSON should hold.
  const userAgent = (request.headers.get('User-Agent') ?? '').slice(0, USER_AGENT_MAX_CHARS).toWellFormed();
  return { address: addressOf(request), userAgent };
}
