import { WEBHOOK_TOKEN_BYTES } from '../../model/limits/index.ts';

/** Standard Webhooks 1.0. */
export function newWebhookToken(): string {
  return `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(WEBHOOK_TOKEN_BYTES))).toString('base64')}`;
}
