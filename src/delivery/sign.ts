import { createHmac } from 'node:crypto';

/** How the secrets of Standard Webhooks 1.0 begin; the rest is the key in base64. */
const STANDARD = 'whsec_';

/**
 * The headers of one attempt (contracts: v3, Webhooks): a signature for each token, separated by spaces. A token
 * `whsec_…` signs by Standard Webhooks 1.0; any other is the key of an HMAC-SHA256 over the body. `webhook-id` is the
 * same over all attempts.
 */
export function signedHeaders(tokens: readonly string[], id: string, body: string, at: Date): Record<string, string> {
  const seconds = Math.floor(at.getTime() / 1000);
  const signatures = tokens.map((token) =>
    token.startsWith(STANDARD)
      ? `v1,${hmacSha256(Buffer.from(token.slice(STANDARD.length), 'base64'), `${id}.${seconds}.${body}`)}`
      : hmacSha256(token, body),
  );
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') };
}

function hmacSha256(key: string | Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64');
}
