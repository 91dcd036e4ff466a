import { Webhook } from 'standardwebhooks';

/**
 * The headers of one attempt (contracts: v3, Webhooks): a signature for each token, separated by spaces. A token
 * `whsec_…` signs by Standard Webhooks 1.0; any other is the key of an HMAC-SHA256 over the body. `webhook-id` is the
 * same over all attempts.
 */
export async function signedHeaders(
  tokens: readonly string[],
  id: string,
  body: string,
  at: Date,
): Promise<Record<string, string>> {
  const signatures = tokens.map((token) =>
    token.startsWith('whsec_') ? new Webhook(token).sign(id, at, body) : hmacSha256(token, body),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': (await Promise.all(signatures)).join(' '),
  };
}

async function hmacSha256(key: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', encoder.encode(key), algorithm, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign('HMAC', imported, encoder.encode(text))).toString('base64');
}
