import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { listEventTypes } from '../../domain/deliveries.ts';
import { route } from '../../http/route.ts';
import type { EventType as Type } from '../../model/event.ts';
import { EXAMPLE_TIME_MS, events, exampleBody } from './event-shapes.ts';
import { EventType } from './webhook-schemas.ts';

/** An event's name, the JSON Schema (2020-12) of the body that carries it, and such a body. */
function toEventType(type: Type) {
  const schema = toJsonSchema(events.bodySchema(type), {
    target: 'draft-2020-12',
    typeMode: 'output',
    errorMode: 'ignore',
  });
  return { event: type, schema: { ...schema }, example: exampleBody(type, EXAMPLE_TIME_MS) };
}

/** Made once, at first use. */
const shown = new Map<Type, ReturnType<typeof toEventType>>();

function eventType(type: Type) {
  const made = shown.get(type) ?? toEventType(type);
  shown.set(type, made);
  return made;
}

export const eventTypes = [
  route(
    {
      method: 'GET',
      path: '/webhooks/events',
      scope: 'webhook:read',
      id: 'listEventTypes',
      tag: 'Webhooks',
      summary: 'List the events to subscribe to, each with its JSON Schema and an example',
      returns: [200, v.array(EventType)],
      present: (types: readonly Type[]) => types.map(eventType),
    },
    (call) => listEventTypes(call),
  ),
];
