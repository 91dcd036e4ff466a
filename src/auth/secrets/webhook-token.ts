import { WEBHOOK_TOKEN_BYTES } from '../../model/limits/index.ts';

/** A fresh token for a webhook, in the form of Standard Webhooks 1.0. */
export function newWebhookToken(): string {
  return `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(WEBHOOK_TOKEN_BYTES))).toString('base64')}`;
}
