import { toJsonSchema } from '@valibot/to-json-schema';
import { EVENT_TYPES, type EventType, SUBJECT_OF, type Subject } from '../../../model/events/event.ts';
import { examples as tenants } from '../resellers/examples.ts';
import { examples as people } from '../users/examples.ts';
import { examples as hooks } from '../webhooks/examples.ts';
import { events } from './event-shapes.ts';

const EXAMPLES: Readonly<Record<Subject, object>> = {
  reseller: tenants.Reseller,
  organization: tenants.Organization,
  user: people.User,
  webhook: hooks.Webhook,
};
/** For events whose subject differs from the usual example. */
const STATES: Partial<Readonly<Record<EventType, object>>> = {
  'webhook.disabled': { enabled: false, status: 'suspended' },
};

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
    triggeredAt: people.User.createdAt,
  },
}));
