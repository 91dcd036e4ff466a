import * as v from 'valibot';
import { testWebhook } from '../../../domain/webhooks/deliveries.ts';
import { getRecovery, startRecovery } from '../../../domain/webhooks/recoveries.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { exampleBodies } from '../events/event-documents.ts';
import { toDelivery, toRecovery } from './present.ts';
import { Recovery, RecoveryPath, RecoveryStart, WebhookDelivery, WebhookPath, WebhookTest } from './schemas.ts';

const tag = 'Webhooks';

export const webhookWork = [
  route(
    {
      method: 'POST',
      path: '/webhooks/:webhookId/test',
      scope: 'webhook:write',
      id: 'testWebhook',
      tag,
      summary: 'Send an example of an event to the webhook, once, signed like any other, with the header webhook-test',
      params: WebhookPath,
      body: v.optional(WebhookTest, {}),
      returns: [201, WebhookDelivery],
      present: toDelivery,
      fails: [absent('webhook')],
    },
    async (caller, { params, body }) =>
      testWebhook(caller, params.webhookId, { type: body.event, bodyOf: await exampleBodies(caller) }),
  ),
  route(
    {
      method: 'POST',
      path: '/webhooks/:webhookId/recover',
      scope: 'webhook:write',
      id: 'recoverWebhook',
      tag,
      summary:
        'Send again what failed or was missed since a time, at most 30 days ago; without one, since the first event known to be missed',
      params: WebhookPath,
      body: v.optional(RecoveryStart, {}),
      returns: [201, Recovery],
      present: toRecovery,
      fails: [absent('webhook'), { kind: 'webhook_disabled' }, { kind: 'recovery_running' }],
    },
    (caller, { params, body }) => startRecovery(caller, params.webhookId, body.since),
  ),
  route(
    {
      method: 'GET',
      path: '/webhooks/:webhookId/recoveries/:recoveryId',
      scope: 'webhook:read',
      id: 'getRecovery',
      tag,
      summary: 'See how far a recovery has come',
      params: RecoveryPath,
      returns: [200, Recovery],
      present: toRecovery,
      fails: [absent('recovery')],
    },
    (caller, { params }) => getRecovery(caller, params.webhookId, params.recoveryId),
  ),
];
