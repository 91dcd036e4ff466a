import * as v from 'valibot';
import { listEventTypes } from '../../domain/deliveries.ts';
import { route } from '../../http/route.ts';
import { shownEvents } from './shown-events.ts';
import { EventType } from './webhook-schemas.ts';

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
      present: (shown: v.InferInput<typeof EventType>[]) => shown,
    },
    async (call) => {
      await listEventTypes(call);
      return [...(await shownEvents(call))];
    },
  ),
];
