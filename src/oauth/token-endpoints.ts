import { decodeJwt } from 'jose';
import { type AccessTokenContent, issueToken } from '../auth/tokens/issue.ts';
import { verifyToken } from '../auth/tokens/verify.ts';
import { revokeAccessToken, type StoredClient } from '../db/clients/clients.ts';
import { endSessionOfClient, endSessionOfToken } from '../db/sessions/refresh.ts';
import { exceedsSessionScope, refreshSession } from '../domain/sessions/refresh.ts';
import { openAnonymousContext } from '../http/callers/anonymous-context.ts';
import { jsonResponse } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import { readScopes } from '../model/clients/scope.ts';
import { ACCESS_TOKEN_SECONDS, OPAQUE_TOKEN_MAX_CHARS, TOKEN_LEEWAY_SECONDS } from '../model/limits/index.ts';
import { authenticateClient, authenticateOptionalClient } from './client-credentials.ts';
import { grantByCode } from './code-grant.ts';
import { OAuthError } from './oauth-error.ts';
import { readForm, requiredParameter, withOAuthErrors } from './oauth-form.ts';
import { tokenResponse } from './token-response.ts';

type GrantHandler = (context: RequestContext, form: URLSearchParams) => Promise<Response>;

// An object would accept `constructor` as a name.
const GRANTS: ReadonlyMap<string, GrantHandler> = new Map([
  ['authorization_code', grantByCode],
  ['client_credentials', grantByClientCredentials],
  ['refresh_token', grantByRefreshToken],
]);

export const GRANT_TYPES = [...GRANTS.keys()];

/** `POST /oauth/token` (RFC 6749 §3.2). */
export function tokenEndpoint(context: RequestContext): Promise<Response> {
  return withOAuthErrors(context, async () => {
    const form = await readForm(context.request);
    const grant = GRANTS.get(requiredParameter(form, 'grant_type'));
    if (grant !== undefined) return grant(context, form);
    await authenticateClient(context, form);
    throw new OAuthError('unsupported_grant_type', `Use ${GRANT_TYPES.join(' or ')}.`);
  });
}

/** RFC 6749 §4.4. */
async function grantByClientCredentials(context: RequestContext, form: URLSearchParams): Promise<Response> {
  const { env, now, newId } = context;
  const client = await authenticateClient(context, form);
  const scope = grantedScope(client, form.get('scope'));
  return jsonResponse({
    access_token: await issueToken(env, clientGrant(client, scope), now, newId()),
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
    scope,
  });
}

const INVALID_REFRESH_TOKEN = 'The refresh token is not valid (any more).';

/** RFC 6749 §6. A first-party session needs no client authentication. */
async function grantByRefreshToken(context: RequestContext, form: URLSearchParams): Promise<Response> {
  const client = await authenticateOptionalClient(context, form);
  const presentedToken = requiredParameter(form, 'refresh_token');
  const scope = form.get('scope') || null;
  const anonymous = openAnonymousContext(context);
  if (presentedToken.length > OPAQUE_TOKEN_MAX_CHARS) throw new OAuthError('invalid_grant', INVALID_REFRESH_TOKEN);
  if (scope !== null && (await exceedsSessionScope(anonymous, presentedToken, scope)))
    throw new OAuthError('invalid_scope', 'Not all of this was granted; without scope the client gets what was.');
  const refreshed = await refreshSession(anonymous, presentedToken, client?.id ?? null, scope);
  if (refreshed === null) throw new OAuthError('invalid_grant', INVALID_REFRESH_TOKEN);
  return jsonResponse(tokenResponse(refreshed));
}

/** `POST /oauth/revoke` (RFC 7009): replies 200 to any token. */
export function revocationEndpoint(context: RequestContext): Promise<Response> {
  return withOAuthErrors(context, async () => {
    const { env, request, db, requestId, origin, now, newId } = context;
    const form = await readForm(request);
    const client = await authenticateOptionalClient(context, form);
    const presentedToken = requiredParameter(form, 'token');
    const requested = { now, requestId, ...origin };
    const actor = await verifyToken(env, presentedToken, now).catch(() => null);
    if (actor !== null && actor.kind === 'client' && actor.subject === client?.id) {
      const expiresAtMs = ((decodeJwt(presentedToken).exp ?? 0) + TOKEN_LEEWAY_SECONDS) * 1000;
      const by = { id: newId(), resellerId: client.resellerId, actor: actor.name, subject: client.id };
      await revokeAccessToken(db, { jti: actor.tokenId, expiresAtMs }, { ...by, ...requested });
    } else if (actor?.kind === 'user') {
      await endSessionOfClient(db, { id: actor.tokenId, clientId: client?.id ?? null }, requested);
    } else if (actor === null && presentedToken.length <= OPAQUE_TOKEN_MAX_CHARS) {
      const { familyHash } = await openAnonymousContext(context).refreshHashes(presentedToken);
      const session = { familyHash, clientId: client?.id ?? null };
      await endSessionOfToken(db, session, requested);
    }
    return new Response(null, { status: 200 });
  });
}

function clientGrant({ id, resellerId }: StoredClient, scope: string): AccessTokenContent {
  return { subject: id, clientId: id, resellerId, scope };
}

/** RFC 6749 §3.3. */
function grantedScope(client: StoredClient, requested: string | null): string {
  const clientScopes = readScopes(client.scopes, client.resellerId);
  if (requested === null || requested === '') return [...clientScopes].join(' ');
  const names = new Set(requested.split(' '));
  const granted = [...clientScopes].filter((scope) => names.has(scope));
  if (granted.length < names.size)
    throw new OAuthError(
      'invalid_scope',
      'The client does not hold all of these; without scope it gets what it holds.',
    );
  return granted.join(' ');
}
