import { SCOPES } from '../../model/clients/scope.ts';
import { EVENT_TYPES, type EventType } from '../../model/events/event.ts';
import type { Documented } from '../routes/dialect.ts';
import { NO_ADDRESS } from './document.ts';
import { json, operation } from './operation.ts';
import { components, schemaOf } from './schema.ts';

/** The OpenAPI 3.1 document of a dialect, made from the same declarations that the router runs on, for no address yet. */
export function openapi(dialect: Documented) {
  const publicUrl = NO_ADDRESS;
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of dialect.routes) {
    const path = `${dialect.base}${route.path}`.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(dialect, route) };
  }
  const scopes = Object.fromEntries(SCOPES.map((scope) => [scope, scope]));
  const tokenUrl = `${publicUrl}/oauth/token`;
  const authorizationUrl = `${publicUrl}/oauth/authorize`;
  const flows = {
    clientCredentials: { tokenUrl, scopes },
    authorizationCode: { authorizationUrl, tokenUrl, refreshUrl: tokenUrl, scopes },
  };
  const schemes = {
    oauth: { type: 'oauth2', flows },
    apiKey: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: '`ApiKey <client id>.<client secret>`',
    },
  } as const;
  return {
    openapi: '3.1.0',
    info: {
      title: dialect.title,
      version: '1',
      description: dialect.description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(dialect.routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    webhooks: Object.fromEntries(dialect.events ? EVENT_TYPES.map((type) => [type, webhook(dialect, type)]) : []),
    components: {
      securitySchemes: Object.fromEntries(dialect.security.map((scheme) => [scheme, schemes[scheme]])),
      schemas: components(dialect),
    },
  };
}

function webhook(dialect: Documented, type: EventType) {
  const header = (name: string, description: string, required = true) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  });
  return {
    post: {
      operationId: type,
      tags: ['Webhooks'],
      summary: `Sent to the webhooks that listen to ${type}`,
      parameters: [
        header('webhook-id', 'The id of the event (of a test: of its delivery), the same over all attempts.'),
        header('webhook-timestamp', 'Seconds since the epoch at the attempt.'),
        header(
          'webhook-signature',
          'v1,<base64> for a token whsec_…, else base64 of HMAC-SHA256 over the body. After a rotation one for the new token and one for the old, separated by a space.',
        ),
        header('webhook-test', 'Only on a test: true.', false),
      ],
      requestBody: { required: true, content: json(schemaOf(dialect, dialect.events?.bodySchema(type))) },
      responses: {
        '2XX': { description: 'Received.' },
        410: { description: 'Suspends the webhook.' },
        default: {
          description:
            'Tried again later, as Retry-After asks if need be. The header webhook-delivery ends it: abort-message gives this event up, disable suspends the webhook.',
        },
      },
    },
  };
}
