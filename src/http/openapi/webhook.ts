import type { EventType } from '../../model/events/event.ts';
import type { DocumentedDialect } from '../routes/dialect.ts';
import { jsonMediaType, schemaOf } from './schema.ts';
import { shareable } from './share.ts';

export function webhook(dialect: DocumentedDialect, type: EventType) {
  return {
    post: {
      operationId: type,
      tags: ['Webhooks'],
      summary: `Sent to the webhooks that listen to ${type}`,
      security: [],
      parameters,
      requestBody: { required: true, content: jsonMediaType(schemaOf(dialect, dialect.events?.bodySchema(type))) },
      responses,
    },
  };
}

const header = (name: string, description: string, required = true) =>
  shareable('parameters', [`header.${name}`], {
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  });

const parameters = [
  header('webhook-id', 'The id of the event (of a test: of its delivery), the same over all attempts.'),
  header('webhook-timestamp', 'Seconds since the epoch at the attempt.'),
  header(
    'webhook-signature',
    'v1,<base64> for a token whsec_…, else base64 of HMAC-SHA256 over the body. After a rotation one for the new token and one for the old, separated by a space.',
  ),
  header('webhook-test', 'Only on a test: true.', false),
];

const responses = {
  '2XX': shareable('responses', ['WebhookReceived'], { description: 'Received.' }),
  410: shareable('responses', ['WebhookSuspended'], { description: 'Suspends the webhook.' }),
  default: shareable('responses', ['WebhookRetried'], {
    description:
      'Tried again later, as Retry-After asks if need be. The header webhook-delivery ends it: abort-message gives this event up, disable suspends the webhook.',
  }),
};
