import { decodeJwt } from 'jose';
import { claimsOf } from '../auth/tokens/claims.ts';
import { findDelegatingUser } from '../db/clients/delegation.ts';
import { bearer, wwwAuthenticate } from '../http/callers/bearer.ts';
import { CREDENTIAL } from '../http/rate-limits/policies.ts';
import { limitRate } from '../http/rate-limits/rate-limit.ts';
import { jsonResponse } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import { readIdentityScopes } from '../model/clients/identity-scope.ts';
import { type Failure, Refusal } from '../model/failure.ts';

/** `GET` and `POST /oauth/userinfo` (OpenID Connect Core 1.0 §5.3). */
export async function userInfo(context: RequestContext): Promise<Response> {
  try {
    const actor = await bearer(context);
    await limitRate(context, CREDENTIAL, actor.credential);
    const { scope } = decodeJwt<{ scope?: string }>(bearerTokenOf(context.request));
    const identity = readIdentityScopes(scope ?? '').join(' ');
    if (actor.kind !== 'user' || identity === '') return errorResponse({ kind: 'scope_missing', scope: 'openid' });
    const member = await findDelegatingUser(context.db, actor.tokenId, context.now);
    return member === null ? errorResponse({ kind: 'token_invalid' }) : jsonResponse(claimsOf(member, identity));
  } catch (error) {
    if (error instanceof Refusal) return errorResponse(error.failure);
    throw error;
  }
}

const bearerTokenOf = ({ headers }: Request) => (headers.get('Authorization') ?? '').slice('bearer '.length).trim();

/** RFC 6750 §3. */
function errorResponse(failure: Failure): Response {
  if (failure.kind === 'rate_limited')
    return new Response(null, { status: 429, headers: { 'Retry-After': String(failure.retryAfterSeconds) } });
  const status = failure.kind === 'scope_missing' ? 403 : 401;
  return new Response(null, { status, headers: { 'WWW-Authenticate': wwwAuthenticate(failure, status) ?? 'Bearer' } });
}
