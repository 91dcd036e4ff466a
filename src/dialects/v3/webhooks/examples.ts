import { stamps } from '../examples.ts';
import { examples as tenants } from '../resellers/examples.ts';

const NewWebhook = {
  name: 'Directory sync',
  url: 'https://example.com/hooks',
  token: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  enabled: true,
  events: ['reseller.user.created', 'reseller.user.deleted'],
};

const { token, ...webhook } = NewWebhook;
const Webhook = { id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b36', ...stamps, ...webhook, status: 'healthy' };

const subject = {
  webhookId: Webhook.id,
  event: 'reseller.user.created',
  eventId: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b37',
};
const WebhookDelivery = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b38',
  createdAt: stamps.createdAt,
  ...subject,
  status: 'pending',
  attempts: 0,
  nextAttemptAt: stamps.createdAt,
};
const EventLog = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b39',
  createdAt: stamps.createdAt,
  ...subject,
  deliveryId: WebhookDelivery.id,
  attempt: 1,
  status: 'failed',
  statusCode: 503,
  durationMs: 87,
  reason: 'answered 503',
  response: 'Back in a minute.',
  nextAttemptAt: '2019-08-24T14:15:27.412Z',
};
const Recovery = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b3a',
  createdAt: stamps.createdAt,
  webhookId: Webhook.id,
  since: '2019-08-20T00:00:00.000Z',
  status: 'running',
  found: 41,
  queued: 12,
  delivered: 28,
  failed: 1,
};

export const examples = {
  NewWebhook,
  WebhookChanges: { enabled: false },
  Webhook,
  WebhookWithToken: { ...Webhook, token },
  TokenRotation: { token },
  WebhookTest: { event: 'reseller.user.created' },
  RecoveryStart: { since: '2019-08-20T00:00:00Z' },
  WebhookDelivery,
  EventLog,
  EventType: {
    event: 'reseller.deleted',
    schema: { type: 'object' },
    example: { event: 'reseller.deleted', data: tenants.Reseller, triggeredAt: stamps.createdAt },
  },
  Recovery,
};
