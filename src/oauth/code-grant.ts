import { sha256 } from '../auth/secrets/digest.ts';
import { issueIdToken } from '../auth/tokens/id-token.ts';
import { exchangeCode } from '../domain/sessions/code-exchange.ts';
import { openAnonymousContext } from '../http/callers/anonymous-context.ts';
import { jsonResponse } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import { readIdentityScopes } from '../model/clients/identity-scope.ts';
import { CODE_VERIFIER_MAX_CHARS, CODE_VERIFIER_MIN_CHARS, OPAQUE_TOKEN_MAX_CHARS } from '../model/limits/index.ts';
import { authenticateClient } from './client-credentials.ts';
import { OAuthError } from './oauth-error.ts';
import { requiredParameter } from './oauth-form.ts';
import { tokenResponse } from './token-response.ts';

const CODE_VERIFIER = new RegExp(`^[\\w.~-]{${CODE_VERIFIER_MIN_CHARS},${CODE_VERIFIER_MAX_CHARS}}$`);

/** RFC 6749 §4.1.3, RFC 7636 §4.5. */
export async function grantByCode(context: RequestContext, form: URLSearchParams): Promise<Response> {
  const { env, now } = context;
  const { id: clientId } = await authenticateClient(context, form);
  const [code, redirectUri] = [requiredParameter(form, 'code'), requiredParameter(form, 'redirect_uri')];
  const verifier = requiredParameter(form, 'code_verifier');
  if (!CODE_VERIFIER.test(verifier)) throw new OAuthError('invalid_request', 'code_verifier has no such value.');
  const exchange = { code, clientId, redirectUri, codeChallenge: await sha256(verifier) };
  const exchanged =
    code.length > OPAQUE_TOKEN_MAX_CHARS ? null : await exchangeCode(openAnonymousContext(context), exchange);
  if (exchanged === null)
    throw new OAuthError('invalid_grant', 'The code is not valid (any more), or was made for another request.');
  const { tokens } = exchanged;
  const wantsIdToken = readIdentityScopes(exchanged.session.scope ?? '').length > 0;
  const idToken = wantsIdToken && (await issueIdToken(env, exchanged, tokens.accessToken, now));
  return jsonResponse({ ...tokenResponse(tokens), ...(idToken && { id_token: idToken }) });
}
