import { decodeJwt } from 'jose';
import { type AccessTokenContent, issueToken } from '../auth/tokens/issue.ts';
import { verifyToken } from '../auth/tokens/verify.ts';
import { type ApiClient, revokeToken } from '../db/clients/clients.ts';
import { endSessionOfClient, endSessionOfToken } from '../db/sessions/refresh.ts';
import { exceedsSession, refreshSession } from '../domain/sessions/refresh.ts';
import { openAnonymousContext } from '../http/callers/anonymous-context.ts';
import { json } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import { readScopes } from '../model/clients/scope.ts';
import { ACCESS_TOKEN_SECONDS, OPAQUE_TOKEN_MAX_CHARS, TOKEN_LEEWAY_SECONDS } from '../model/limits/index.ts';
import { authenticateClient, authenticateIfClient } from './client-credentials.ts';
import { exchangeForTokens } from './code-grant.ts';
import { OAuthError } from './oauth-error.ts';
import { asOAuth, readForm, required } from './oauth-form.ts';
import { tokenResponse } from './token-response.ts';

type GrantType = (context: RequestContext, form: URLSearchParams) => Promise<Response>;

// A map, since a caller may send the name of something that every object has.
const GRANTS: ReadonlyMap<string, GrantType> = new Map([
  ['authorization_code', exchangeForTokens],
  ['client_credentials', grantToClient],
  ['refresh_token', refresh],
]);

/** The values of `grant_type` that the token endpoint knows. */
export const GRANT_TYPES = [...GRANTS.keys()];

/** `POST /oauth/token` (RFC 6749 §3.2). */
export function token(context: RequestContext): Promise<Response> {
  return asOAuth(context, async () => {
    const form = await readForm(context.request);
    const grant = GRANTS.get(required(form, 'grant_type'));
    if (grant !== undefined) return grant(context, form);
    await authenticateClient(context, form);
    throw new OAuthError('unsupported_grant_type', `Use ${GRANT_TYPES.join(' or ')}.`);
  });
}

/** Client credentials (RFC 6749 §4.4). */
async function grantToClient(context: RequestContext, form: URLSearchParams): Promise<Response> {
  const { env, now, newId } = context;
  const client = await authenticateClient(context, form);
  const scope = grantedScope(client, form.get('scope'));
  return json({
    access_token: await issueToken(env, grantOf(client, scope), now, newId()),
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
    scope,
  });
}

const NOT_VALID = 'The refresh token is not valid (any more).';

/** A refresh token (RFC 6749 §6): of an API client's session by that client, of anybody else's own without one. */
async function refresh(context: RequestContext, form: URLSearchParams): Promise<Response> {
  const client = await authenticateIfClient(context, form);
  const given = required(form, 'refresh_token');
  const scope = form.get('scope') || null;
  const anonymous = openAnonymousContext(context);
  if (given.length > OPAQUE_TOKEN_MAX_CHARS) throw new OAuthError('invalid_grant', NOT_VALID);
  if (scope !== null && (await exceedsSession(anonymous, given, scope)))
    throw new OAuthError('invalid_scope', 'Not all of this was granted; without scope the client gets what was.');
  const refreshed = await refreshSession(anonymous, given, client?.id ?? null, scope);
  if (refreshed === null) throw new OAuthError('invalid_grant', NOT_VALID);
  return json(tokenResponse(refreshed));
}

/**
 * `POST /oauth/revoke` (RFC 7009): ends one of the client's own access tokens, or the session that a user's token is of; 200
 * whatever it was.
 */
export function revoke(context: RequestContext): Promise<Response> {
  return asOAuth(context, async () => {
    const { env, request, db, requestId, origin, now, newId } = context;
    const form = await readForm(request);
    const client = await authenticateIfClient(context, form);
    const given = required(form, 'token');
    const asked = { now, requestId, ...origin };
    const actor = await verifyToken(env, given, now).catch(() => null);
    if (actor !== null && actor.kind === 'client' && actor.subject === client?.id) {
      const expiresAtMs = ((decodeJwt(given).exp ?? 0) + TOKEN_LEEWAY_SECONDS) * 1000;
      const by = { id: newId(), resellerId: client.resellerId, actor: actor.name, subject: client.id };
      await revokeToken(db, { jti: actor.tokenId, expiresAtMs }, { ...by, ...asked });
    } else if (actor?.kind === 'user') {
      await endSessionOfClient(db, { id: actor.tokenId, clientId: client?.id ?? null }, asked);
    } else if (actor === null && given.length <= OPAQUE_TOKEN_MAX_CHARS) {
      const { familyHash } = await openAnonymousContext(context).refreshHashes(given);
      const known = { familyHash, clientId: client?.id ?? null };
      await endSessionOfToken(db, known, asked);
    }
    return new Response(null, { status: 200 });
  });
}

function grantOf({ id, resellerId }: ApiClient, scope: string): AccessTokenContent {
  return { subject: id, clientId: id, resellerId, scope };
}

/** What was asked for, or all; never more than the client has (RFC 6749 §3.3). */
function grantedScope(client: ApiClient, asked: string | null): string {
  const held = readScopes(client.scopes, client.resellerId);
  if (asked === null || asked === '') return [...held].join(' ');
  const names = new Set(asked.split(' '));
  const granted = [...held].filter((scope) => names.has(scope));
  if (granted.length < names.size)
    throw new OAuthError(
      'invalid_scope',
      'The client does not hold all of these; without scope it gets what it holds.',
    );
  return granted.join(' ');
}
