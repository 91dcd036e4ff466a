import { ANYONE, SELF } from '../../model/clients/scope.ts';
import { rolesGranting } from '../../model/users/role.ts';
import type { DocumentedDialect } from '../routes/dialect.ts';
import { mayBeAbsent, mediaTypesOf, type RouteFacts } from '../routes/route.ts';
import { parametersOf } from './parameters.ts';
import { refusals } from './refusals.ts';
import { jsonMediaType, schemaOf } from './schema.ts';
import { shareable } from './share.ts';

export function operation(dialect: DocumentedDialect, route: RouteFacts) {
  const [status, schema] = route.returns;
  const success = {
    description: status === 302 ? 'The browser is sent on.' : 'Done.',
    ...(status === 302 && { headers: sentTo }),
    ...(pagedBy(route) && { headers: nextPage }),
    ...(schema !== undefined && { content: jsonMediaType(schemaOf(dialect, schema)) }),
    ...(route.bytes === 'response' && { content: responseContent(route.mediaType) }),
  };
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: describe(route),
    security: securityOf(dialect, route),
    parameters: parametersOf(dialect, route),
    ...(route.body && { requestBody: { required: !mayBeAbsent(route.body), content: bodies(dialect, route) } }),
    ...(route.bytes === 'request' && { requestBody: { required: true, content: anyContent } }),
    responses: { [status]: success, ...alsoOf(route, success), ...refusals(dialect, route) },
  };
}

const binary = { schema: { type: 'string', format: 'binary' } };
const text = { schema: { type: 'string' } };
const responseContent = (mediaType?: string) => (mediaType ? { [mediaType.split(';')[0] ?? '']: text } : anyContent);
const anyContent = { 'application/octet-stream': binary, '*/*': binary };

function alsoOf({ also = {} }: RouteFacts, success: object) {
  const otherResponses = Object.entries(also).map(([status, description]) => [
    status,
    status === '304' ? { description } : { ...success, description },
  ]);
  return Object.fromEntries(otherResponses);
}

function securityOf({ security }: DocumentedDialect, { scope }: RouteFacts) {
  if (scope === ANYONE) return [];
  if (scope === SELF) return [{ oauth: [] }];
  return security.map((scheme) => ({ [scheme]: scheme === 'oauth' ? [scope] : [] }));
}

function describe({ scope, raises }: RouteFacts): string {
  const events = raises?.length ? ` Raises ${raises.map((type) => `\`${type}\``).join(', ')}.` : '';
  if (scope === ANYONE) return `Needs no credential.${events}`;
  if (scope === SELF) return `Needs the token of a signed-in user.${events}`;
  const roles = rolesGranting(scope).map((role) => `\`${role}\``);
  const roleNote = roles.length === 0 ? '' : ` Roles that have it: ${roles.join(', ')}.`;
  return `Needs the scope \`${scope}\`.${roleNote}${events}`;
}

function bodies(dialect: DocumentedDialect, route: RouteFacts) {
  const example = dialect.examples[route.id];
  const body = { schema: schemaOf(dialect, route.body), ...(example !== undefined && { example }) };
  return Object.fromEntries(mediaTypesOf(route).map((mediaType) => [mediaType, body]));
}

function pagedBy({ query }: RouteFacts): boolean {
  return query !== undefined && 'after' in query.entries;
}

const sentTo = { Location: { schema: { type: 'string', format: 'uri' } } };
const nextPage = {
  Link: shareable('headers', ['Link'], {
    description: '`<address>; rel="next"` on every page but the last (RFC 8288).',
    schema: { type: 'string' },
  }),
};
