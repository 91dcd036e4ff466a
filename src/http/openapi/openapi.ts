import { SCOPES } from '../../model/clients/scope.ts';
import { EVENT_TYPES } from '../../model/events/event.ts';
import type { DocumentedDialect } from '../routes/dialect.ts';
import { NO_ADDRESS } from './document.ts';
import { operation } from './operation.ts';
import { components as schemasOf } from './schema.ts';
import { shareComponents } from './share.ts';
import { webhook } from './webhook.ts';

export function openapi(dialect: DocumentedDialect) {
  const publicUrl = NO_ADDRESS;
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of dialect.routes) {
    const path = `${dialect.base}${route.path}`.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(dialect, route) };
  }
  const webhooks = Object.fromEntries(dialect.events ? EVENT_TYPES.map((type) => [type, webhook(dialect, type)]) : []);
  const { tree, components } = shareComponents({ paths, webhooks });
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
    ...tree,
    components: {
      securitySchemes: Object.fromEntries(dialect.security.map((scheme) => [scheme, schemes[scheme]])),
      schemas: schemasOf(dialect),
      ...components,
    },
  };
}
