import * as v from 'valibot';
import { listAttempts, redeliver } from '../../../domain/webhooks/deliveries.ts';
import { nextLink, presentRows } from '../../../http/paging.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { listQuery } from '../listing.ts';
import { toDelivery, toEventLog } from './present.ts';
import { EventLog, EventLogPath, WebhookDelivery } from './schemas.ts';

const tag = 'Webhook event logs';
const query = listQuery({
  texts: ['id', 'webhookId', 'deliveryId', 'eventId', 'event', 'status'],
  times: ['createdAt'],
  sorts: ['createdAt'],
});

export const eventLogs = [
  route(
    {
      method: 'GET',
      path: '/webhook-event-logs',
      scope: 'webhook:read',
      id: 'listWebhookEventLogs',
      tag,
      summary: 'List the attempts to deliver, 30 days back',
      query,
      returns: [200, v.array(EventLog)],
      present: presentRows(toEventLog),
      headers: nextLink,
    },
    (caller, { query }) => listAttempts(caller, query),
  ),
  route(
    {
      method: 'POST',
      path: '/webhook-event-logs/:logId/redeliver',
      scope: 'webhook:write',
      id: 'redeliverWebhookEvent',
      tag,
      summary:
        'Deliver the event behind an attempt, of the last 30 days, anew, with the same webhook-id, even if it had arrived',
      params: EventLogPath,
      returns: [201, WebhookDelivery],
      present: toDelivery,
      fails: [
        absent('delivery'),
        { kind: 'event_too_old' },
        { kind: 'webhook_disabled' },
        { kind: 'attempt_under_way' },
      ],
    },
    (caller, { params }) => redeliver(caller, params.logId),
  ),
];
