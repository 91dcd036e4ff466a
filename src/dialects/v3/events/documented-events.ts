import { toJsonSchema } from '@valibot/to-json-schema';
import { EVENT_TYPES, type EventType, SUBJECT_OF, type Subject } from '../../../model/events/event.ts';
import { examples } from '../examples.ts';
import { events } from './event-shapes.ts';

const EXAMPLES: Readonly<Record<Subject, object>> = {
  reseller: examples.Reseller,
  organization: examples.Organization,
  user: examples.User,
  webhook: examples.Webhook,
};
/** What the event makes of its subject, where the usual example would contradict it. */
const STATES: Partial<Readonly<Record<EventType, object>>> = {
  'webhook.disabled': { enabled: false, status: 'suspended' },
};

/** Each event's name, the JSON Schema (2020-12) of the body that carries it, and such a body about things that don't exist. */
export const documentedEvents = EVENT_TYPES.map((type) => ({
  event: type,
  schema: toJsonSchema(events.bodySchema(type), {
    target: 'draft-2020-12',
    typeMode: 'output',
    errorMode: 'ignore',
  }),
  example: {
    event: type,
    data: { ...EXAMPLES[SUBJECT_OF[type]], ...STATES[type] },
    triggeredAt: examples.User.createdAt,
  },
}));
