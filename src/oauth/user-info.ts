import { decodeJwt } from 'jose';
import { claimsOf } from '../auth/tokens/claims.ts';
import { findDelegated } from '../db/clients/delegation.ts';
import { bearer, challenge } from '../http/callers/bearer.ts';
import { CREDENTIAL } from '../http/rate-limits/policies.ts';
import { limitRate } from '../http/rate-limits/rate-limit.ts';
import { json } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import { readIdentityScopes } from '../model/clients/identity-scope.ts';
import { type Failure, Refusal } from '../model/failure.ts';

/** `GET` and `POST /oauth/userinfo` (OpenID Connect Core 1.0 §5.3): who the user of an access token is. */
export async function userInfo(context: RequestContext): Promise<Response> {
  try {
    const actor = await bearer(context);
    await limitRate(context, CREDENTIAL, actor.credential);
    const { scope } = decodeJwt<{ scope?: string }>(tokenOf(context.request));
    const identity = readIdentityScopes(scope ?? '').join(' ');
    if (actor.kind !== 'user' || identity === '') return refused({ kind: 'scope_missing', scope: 'openid' });
    const member = await findDelegated(context.db, actor.tokenId, context.now);
    return member === null ? refused({ kind: 'token_invalid' }) : json(claimsOf(member, identity));
  } catch (error) {
    if (error instanceof Refusal) return refused(error.failure);
    throw error;
  }
}

const tokenOf = ({ headers }: Request) => (headers.get('Authorization') ?? '').slice('bearer '.length).trim();

/** RFC 6750 §3: the header says it all. */
function refused(failure: Failure): Response {
  if (failure.kind === 'rate_limited')
    return new Response(null, { status: 429, headers: { 'Retry-After': String(failure.retryAfterSeconds) } });
  const status = failure.kind === 'scope_missing' ? 403 : 401;
  return new Response(null, { status, headers: { 'WWW-Authenticate': challenge(failure, status) ?? 'Bearer' } });
}
