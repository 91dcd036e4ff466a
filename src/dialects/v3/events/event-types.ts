import * as v from 'valibot';
import { listEventTypes } from '../../../domain/webhooks/deliveries.ts';
import { route } from '../../../http/routes/route.ts';
import { EventType } from '../webhooks/schemas.ts';
import { readEventDocuments } from './event-documents.ts';

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
    async (caller) => {
      await listEventTypes(caller);
      return [...(await readEventDocuments(caller))];
    },
  ),
];
