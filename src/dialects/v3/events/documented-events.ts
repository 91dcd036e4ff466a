import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { EVENT_TYPES, type EventType } from '../../../model/events/event.ts';
import { examples } from '../examples.ts';
import { Organization, Reseller, User } from '../schemas.ts';
import { Webhook } from '../webhooks/webhook-schemas.ts';
import { dataOf, events } from './event-shapes.ts';

const exampleOf = new Map<v.GenericSchema, unknown>([
  [Reseller, examples.Reseller],
  [Organization, examples.Organization],
  [User, examples.User],
  [Webhook, examples.Webhook],
]);

/** Each event's name, the JSON Schema (2020-12) of the body that carries it, and such a body about things that don't exist. */
export const documentedEvents = EVENT_TYPES.map((type) => ({
  event: type,
  schema: toJsonSchema(events.bodySchema(type), {
    target: 'draft-2020-12',
    typeMode: 'output',
    errorMode: 'ignore',
  }),
  example: { event: type, data: exampleData(type), triggeredAt: examples.User.createdAt },
}));

function exampleData(type: EventType): unknown {
  const { Webhook: webhook } = examples;
  return type === 'webhook.disabled'
    ? { ...webhook, enabled: false, status: 'suspended' }
    : exampleOf.get(dataOf[type]);
}
