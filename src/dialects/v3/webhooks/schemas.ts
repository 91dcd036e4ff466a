import * as v from 'valibot';
import { EVENT_TYPES } from '../../../model/events/event.ts';
import { Id, Name, text } from '../../../model/fields.ts';
import { URL_MAX_CHARS } from '../../../model/limits/index.ts';
import { id, stamps, time } from '../schemas.ts';
import { Time } from '../time.ts';

const WebhookToken = v.pipe(
  Name,
  v.check(
    (token) =>
      !token.startsWith('whsec_') ||
      /^whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(token),
    'After whsec_ comes a key of at least 24 bytes in base64.',
  ),
);

export const NewWebhook = v.object({
  name: Name,
  url: v.pipe(text(0, URL_MAX_CHARS), v.url()),
  token: WebhookToken,
  enabled: v.boolean(),
  events: v.pipe(
    v.array(v.picklist(['*', ...EVENT_TYPES])),
    v.minLength(1),
    v.transform((events) => [...new Set(events)]),
  ),
});
export const WebhookChanges = v.partial(NewWebhook);
export const TokenRotation = v.object({ token: v.optional(WebhookToken) });
export const WebhookTest = v.object({ event: v.optional(v.picklist(EVENT_TYPES)) });
export const RecoveryStart = v.object({ since: v.optional(Time) });

export const WebhookPath = v.object({ webhookId: Id });
export const RecoveryPath = v.object({ webhookId: Id, recoveryId: Id });
export const EventLogPath = v.object({ logId: Id });

export const Webhook = v.object({
  ...stamps,
  name: v.string(),
  url: v.pipe(v.string(), v.maxLength(URL_MAX_CHARS)),
  enabled: v.boolean(),
  events: v.array(v.string()),
  status: v.picklist(['healthy', 'unhealthy', 'suspended']),
});
export const WebhookWithToken = v.object({ ...Webhook.entries, token: v.string() });

export const EventType = v.object({
  event: v.picklist(EVENT_TYPES),
  schema: v.record(v.string(), v.unknown()),
  example: v.object({ event: v.picklist(EVENT_TYPES), data: v.unknown(), triggeredAt: time }),
});

const subject = { webhookId: id, event: v.string(), eventId: v.nullable(id) };
export const EventLog = v.object({
  id,
  createdAt: time,
  ...subject,
  deliveryId: id,
  attempt: v.number(),
  status: v.picklist(['delivered', 'failed']),
  statusCode: v.nullable(v.number()),
  durationMs: v.number(),
  reason: v.string(),
  response: v.string(),
  nextAttemptAt: v.nullable(time),
});
export const WebhookDelivery = v.object({
  id,
  createdAt: time,
  ...subject,
  status: v.picklist(['pending', 'delivered', 'failed']),
  attempts: v.number(),
  nextAttemptAt: v.nullable(time),
});
export const Recovery = v.object({
  id,
  createdAt: time,
  webhookId: id,
  since: time,
  status: v.picklist(['running', 'done']),
  found: v.number(),
  queued: v.number(),
  delivered: v.number(),
  failed: v.number(),
});
