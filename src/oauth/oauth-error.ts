import { json } from '../http/reply.ts';
import { worded } from '../http/wording.ts';

type Code = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'invalid_scope' | 'unsupported_grant_type';

/** An error of the OAuth endpoints (RFC 6749 §5.2). */
export class OAuthError extends Error {
  override name = 'OAuthError';
  readonly code: Code;

  constructor(code: Code, description: string) {
    super(description);
    this.code = code;
  }

  /** 400, and 401 with a challenge for a client that did not prove itself. */
  toResponse(): Response {
    const refused = this.code === 'invalid_client';
    return json({ error: this.code, error_description: this.message }, refused ? 401 : 400, {
      ...(refused ? { 'WWW-Authenticate': 'Basic realm="reseller-edge", charset="UTF-8"' } : {}),
      Pragma: 'no-cache',
    });
  }
}

/**
 * That there were too many requests, which RFC 6749 has no word for at this endpoint: of the registered ones, this is what
 * its authorization endpoint says where it cannot answer for a while (`slow_down`, of RFC 8628, makes a client poll slower).
 */
export function tooManyRequests(retryAfterSeconds: number): Response {
  const { status, message } = worded({ kind: 'rate_limited', retryAfterSeconds });
  return json({ error: 'temporarily_unavailable', error_description: message }, status, {
    'Retry-After': String(retryAfterSeconds),
    Pragma: 'no-cache',
  });
}
