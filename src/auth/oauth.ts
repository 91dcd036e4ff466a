import { decodeJwt } from 'jose';
import { type ApiClient, revokeToken } from '../db/clients.ts';
import { readBytes } from '../http/body.ts';
import type { Exchange } from '../http/exchange.ts';
import { json } from '../http/reply.ts';
import { Refusal } from '../model/failure.ts';
import { ACCESS_TOKEN_SECONDS, TOKEN_LEEWAY_SECONDS } from '../model/limits.ts';
import { readScopes } from '../model/scope.ts';
import { authenticateClient } from './client-credentials.ts';
import { issueToken } from './issue.ts';
import { OAuthError } from './oauth-error.ts';
import { verifyToken } from './verify.ts';

/** `POST /oauth/token`: client credentials (RFC 6749 §4.4). */
export function token(exchange: Exchange): Promise<Response> {
  return asOAuth(async () => {
    const form = await readForm(exchange.request);
    const grant = form.get('grant_type');
    if (grant === null) throw new OAuthError('invalid_request', 'grant_type is missing.');
    const client = await authenticateClient(exchange.session, exchange.request, form);
    if (grant !== 'client_credentials') throw new OAuthError('unsupported_grant_type', 'Use client_credentials.');
    const scope = grantedScope(client, form.get('scope'));
    return json({
      access_token: await issueToken(exchange.env, client, scope, exchange.now, exchange.newId()),
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
      scope,
    });
  });
}

/** `POST /oauth/revoke`: ends one of the client's own access tokens (RFC 7009); 200 whatever it was. */
export function revoke(exchange: Exchange): Promise<Response> {
  return asOAuth(async () => {
    const form = await readForm(exchange.request);
    const client = await authenticateClient(exchange.session, exchange.request, form);
    const given = form.get('token');
    if (given === null) throw new OAuthError('invalid_request', 'token is missing.');
    const actor = await verifyToken(exchange.env, given, exchange.now).catch(() => null);
    if (actor?.kind === 'client' && actor.subject === client.id) {
      const expiresAt = ((decodeJwt(given).exp ?? 0) + TOKEN_LEEWAY_SECONDS) * 1000;
      await revokeToken(exchange.session, actor.tokenId, expiresAt);
    }
    return new Response(null, { status: 200 });
  });
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

async function readForm(request: Request): Promise<URLSearchParams> {
  const bytes = await readBytes(request, ['application/x-www-form-urlencoded'], false);
  const form = new URLSearchParams(new TextDecoder().decode(bytes));
  for (const name of form.keys()) {
    if (form.getAll(name).length > 1) throw new OAuthError('invalid_request', 'A parameter was sent twice.');
  }
  return form;
}

async function asOAuth(answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof OAuthError) return error.toResponse();
    if (!(error instanceof Refusal)) throw error;
    return new OAuthError(
      'invalid_request',
      'Send a form (application/x-www-form-urlencoded) of at most 64 KiB.',
    ).toResponse();
  }
}
