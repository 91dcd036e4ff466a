import type { Origin } from '../model/audit.ts';
import { USER_AGENT_MAX_CHARS } from '../model/limits.ts';
import { addressOf } from './address.ts';

/** Where a request comes from, as the audit log says it. */
export function originOf(request: Request): Origin {
  const userAgent = (request.headers.get('User-Agent') ?? '').slice(0, USER_AGENT_MAX_CHARS);
  return { address: addressOf(request), userAgent };
}
