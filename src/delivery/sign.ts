import { createHmac } from 'node:crypto';

/** Standard Webhooks 1.0. */
const STANDARD = 'whsec_';

/** Tokens `whsec_…`: Standard Webhooks 1.0; others: HMAC-SHA256 of the body. `webhook-id` is the same for all attempts. */
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
