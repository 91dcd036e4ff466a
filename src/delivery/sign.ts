import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/**
 * The headers of one attempt (contracts: v3, Webhooks). A token `whsec_…` signs by Standard Webhooks 1.0; any other is
 * the key of an HMAC-SHA256 over the body. `webhook-id` is the same over all attempts.
 */
export function signedHeaders(token: string, id: string, body: string, at: Date): Record<string, string> {
  const signature = token.startsWith('whsec_')
    ? new Webhook(token).sign(id, at, body)
    : createHmac('sha256', token).update(body).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signature,
  };
}
