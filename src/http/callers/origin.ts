import type { RequestOrigin } from '../../model/events/audit.ts';
import { USER_AGENT_MAX_CHARS } from '../../model/limits/index.ts';
import { addressOf } from './address.ts';

export function originOf(request: Request): RequestOrigin {
  // The cut may divide a surrogate pair.
  const userAgent = (request.headers.get('User-Agent') ?? '').slice(0, USER_AGENT_MAX_CHARS).toWellFormed();
  return { address: addressOf(request), userAgent };
}
