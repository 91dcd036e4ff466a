import { failureMessage } from '../http/failure-message.ts';
import { jsonResponse } from '../http/reply.ts';

type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unsupported_grant_type';

/** RFC 6749 §5.2. */
export class OAuthError extends Error {
  override name = 'OAuthError';
  readonly code: OAuthErrorCode;

  constructor(code: OAuthErrorCode, description: string) {
    super(description);
    this.code = code;
  }

  toResponse(): Response {
    const refused = this.code === 'invalid_client';
    return jsonResponse({ error: this.code, error_description: this.message }, refused ? 401 : 400, {
      ...(refused ? { 'WWW-Authenticate': 'Basic realm="reseller-edge", charset="UTF-8"' } : {}),
      Pragma: 'no-cache',
    });
  }
}

/** RFC 6749 defines no code for this at the token endpoint; `slow_down` (RFC 8628) would change polling. */
export function tooManyRequests(retryAfterSeconds: number): Response {
  const { status, message } = failureMessage({ kind: 'rate_limited', retryAfterSeconds });
  return jsonResponse({ error: 'temporarily_unavailable', error_description: message }, status, {
    'Retry-After': String(retryAfterSeconds),
    Pragma: 'no-cache',
  });
}
