import * as v from 'valibot';
import { ANYONE, SELF } from '../../model/clients/scope.ts';
import type { Failure } from '../../model/failure.ts';
import { BODY_MAX_BYTES } from '../../model/limits/index.ts';
import { rolesGranting } from '../../model/users/role.ts';
import { challenge } from '../callers/bearer.ts';
import { RATE_FIELDS } from '../rate-limits/fields.ts';
import type { Documented } from '../routes/dialect.ts';
import { type Method, mayBeAbsent, mediaTypesOf, type RouteFacts } from '../routes/route.ts';
import { parametersOf } from './parameters.ts';
import { schemaOf } from './schema.ts';

/** The time of examples that are made here. */
const EXAMPLE_MS = Date.UTC(2026, 0, 1, 10);

/** A JSON body in OpenAPI. */
export const json = (schema: unknown, more: object = {}) => ({ 'application/json': { schema, ...more } });

/** One route as an OpenAPI operation: parameters, body, the success and every refusal. */
export function operation(dialect: Documented, route: RouteFacts) {
  const [status, schema] = route.returns;
  const success = {
    description: status === 302 ? 'The browser is sent on.' : 'Done.',
    ...(status === 302 && { headers: sentTo }),
    ...(pagedBy(route) && { headers: nextPage }),
    ...(schema !== undefined && { content: json(schemaOf(dialect, schema)) }),
    ...(route.bytes === 'response' && { content: answered(route.mediaType) }),
  };
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: describe(route),
    security: securityOf(dialect, route),
    parameters: parametersOf(dialect, route),
    ...(route.body && { requestBody: { required: !mayBeAbsent(route.body), content: bodies(dialect, route) } }),
    ...(route.bytes === 'request' && { requestBody: { required: true, content: anything } }),
    responses: { [status]: success, ...alsoOf(route, success), ...refusals(dialect, route) },
  };
}

/** Bytes of any media type. */
const binary = { schema: { type: 'string', format: 'binary' } };
const text = { schema: { type: 'string' } };
/** What bytes are answered as; a media type's parameters are no part of its name. */
const answered = (mediaType?: string) => (mediaType ? { [mediaType.split(';')[0] ?? '']: text } : anything);
const anything = { 'application/octet-stream': binary, '*/*': binary };

/** The other successes: with the same body, but where there is nothing to send. */
function alsoOf({ also = {} }: RouteFacts, success: object) {
  const others = Object.entries(also).map(([status, description]) => [
    status,
    status === '304' ? { description } : { ...success, description },
  ]);
  return Object.fromEntries(others);
}

/** Only an access token says who is signed in. */
function securityOf({ security }: Documented, { scope }: RouteFacts) {
  if (scope === ANYONE) return [];
  if (scope === SELF) return [{ oauth: [] }];
  return security.map((scheme) => ({ [scheme]: scheme === 'oauth' ? [scope] : [] }));
}

function describe({ scope, raises }: RouteFacts): string {
  const events = raises?.length ? ` Raises ${raises.map((type) => `\`${type}\``).join(', ')}.` : '';
  if (scope === ANYONE) return `Needs no credential.${events}`;
  if (scope === SELF) return `Needs the token of a signed-in user.${events}`;
  const roles = rolesGranting(scope).map((role) => `\`${role}\``);
  const holders = roles.length === 0 ? '' : ` Roles that have it: ${roles.join(', ')}.`;
  return `Needs the scope \`${scope}\`.${holders}${events}`;
}

function bodies(dialect: Documented, route: RouteFacts) {
  const example = dialect.examples[route.id];
  const body = { schema: schemaOf(dialect, route.body), ...(example !== undefined && { example }) };
  return Object.fromEntries(mediaTypesOf(route).map((mediaType) => [mediaType, body]));
}

/** Lists that come in pages take the cursor of the page before. */
function pagedBy({ query }: RouteFacts): boolean {
  return query !== undefined && 'after' in query.entries;
}

const sentTo = { Location: { schema: { type: 'string', format: 'uri' } } };
const nextPage = {
  Link: { description: '`<address>; rel="next"` on every page but the last (RFC 8288).', schema: { type: 'string' } },
};

/** The refusals of every route, those that its parts bring with them, and its own. */
function failuresOf(dialect: Documented, route: RouteFacts): Failure[] {
  const keyed = route.method === 'POST' && route.scope !== ANYONE;
  const takesInput = keyed || route.params || route.query || route.body;
  const invalid: Failure = {
    kind: 'invalid',
    issues: [{ in: 'body', field: 'field', message: 'What is wrong with it.', rule: 'check' }],
  };
  return [
    ...callerFailures(dialect, route),
    { kind: 'rate_limited', retryAfterSeconds: 1 },
    ...(takesInput ? [invalid] : []),
    ...(route.body ? bodyFailures(mediaTypesOf(route)) : []),
    ...(keyed ? keyFailures : []),
    ...(CHANGING.has(route.method) ? [{ kind: 'changed_meanwhile' } as const] : []),
    ...(route.fails ?? []),
  ];
}

function callerFailures({ realm }: Documented, { scope }: RouteFacts): Failure[] {
  if (scope === ANYONE) return [];
  return [
    { kind: 'token_missing' },
    { kind: 'token_invalid' },
    scope === SELF ? { kind: 'user_required' } : { kind: 'scope_missing', scope },
    ...(realm === 'token' ? [{ kind: 'realm_missing' } as const] : []),
  ];
}

/** Methods that replace a state that was read before. */
const CHANGING: ReadonlySet<Method> = new Set(['PUT', 'PATCH', 'DELETE']);

const bodyFailures = (mediaTypes: readonly string[]): Failure[] => [
  { kind: 'not_json' },
  { kind: 'media_type', expected: mediaTypes.join(', ') },
  { kind: 'too_large', maxBytes: BODY_MAX_BYTES },
];
const keyFailures: Failure[] = [{ kind: 'idempotency_key_reused' }, { kind: 'request_in_progress' }];

function refusals(dialect: Documented, route: RouteFacts) {
  const responses: Record<string, unknown> = {};
  const grouped = Map.groupBy(failuresOf(dialect, route), (failure) => dialect.toWire(failure, EXAMPLE_MS).status);
  for (const [status, failures] of grouped) {
    const bodies = failures.map((failure) => dialect.toWire(failure, EXAMPLE_MS).body);
    const examples = Object.fromEntries(failures.map((failure, index) => [nameOf(failure), { value: bodies[index] }]));
    const headers = headersOf(dialect, failures, status);
    responses[status] = {
      description: listed(new Set(failures.map(dialect.wordsOf))),
      ...(Object.keys(headers).length > 0 && { headers }),
      content: json(errorSchema(dialect, bodies), { examples }),
    };
  }
  const fault = dialect.faultBody('…', EXAMPLE_MS);
  responses[500] = {
    description: 'A fault of ours.',
    content: json(errorSchema(dialect, [fault]), { example: fault }),
  };
  return responses;
}

/** One sentence as it is, several as a list in Markdown. */
function listed(sentences: ReadonlySet<string>): string {
  return sentences.size === 1 ? [...sentences].join() : [...sentences].map((one) => `- ${one}`).join('\n');
}

/** What refusals carry beside their body. */
function headersOf({ rateHeaders }: Documented, failures: readonly Failure[], status: number) {
  const names = [
    ...(failures.some((failure) => challenge(failure, status) !== undefined) ? ['WWW-Authenticate'] : []),
    ...(failures.some(({ kind }) => kind === 'rate_limited')
      ? ['Retry-After', ...RATE_FIELDS, ...Object.keys(rateHeaders({ limit: 0, remaining: 0, resetMs: EXAMPLE_MS }))]
      : []),
  ];
  return Object.fromEntries(names.map((name) => [name, { schema: { type: 'string' } }]));
}

const nameOf = (failure: Failure) => {
  const of = 'what' in failure ? failure.what : 'of' in failure ? failure.of : undefined;
  return of === undefined ? failure.kind : `${of}_${failure.kind}`;
};

/** Of a dialect with errors of several shapes, those that these bodies have. */
function errorSchema(dialect: Documented, bodies: readonly unknown[]) {
  const shapes = 'options' in dialect.errorSchema ? (dialect.errorSchema.options as v.GenericSchema[]) : [];
  const taken = shapes.filter((shape) => bodies.some((body) => v.is(shape, body)));
  const [only] = taken;
  return schemaOf(dialect, taken.length > 1 || only === undefined ? dialect.errorSchema : only);
}
