import * as v from 'valibot';
import { ANYONE, SELF } from '../../model/clients/scope.ts';
import type { Failure } from '../../model/failure.ts';
import { BODY_MAX_BYTES } from '../../model/limits/index.ts';
import { wwwAuthenticate } from '../callers/bearer.ts';
import { RATE_FIELDS } from '../rate-limits/fields.ts';
import type { DocumentedDialect } from '../routes/dialect.ts';
import { type Method, mediaTypesOf, type RouteFacts } from '../routes/route.ts';
import { jsonMediaType, schemaOf } from './schema.ts';
import { shareable, toPascalCase } from './share.ts';

const EXAMPLE_MS = Date.UTC(2026, 0, 1, 10);

export function refusals(dialect: DocumentedDialect, route: RouteFacts): Record<string, unknown> {
  const grouped = Map.groupBy(failuresOf(dialect, route), (failure) => dialect.toWire(failure, EXAMPLE_MS).status);
  const responses = [...grouped].map(([status, failures]) => [status, refusal(dialect, status, failures)]);
  return { ...Object.fromEntries(responses), 500: fault(dialect) };
}

function failuresOf(dialect: DocumentedDialect, route: RouteFacts): Failure[] {
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

function callerFailures({ realm }: DocumentedDialect, { scope }: RouteFacts): Failure[] {
  if (scope === ANYONE) return [];
  return [
    { kind: 'token_missing' },
    { kind: 'token_invalid' },
    scope === SELF ? { kind: 'user_required' } : { kind: 'scope_missing', scope },
    ...(realm === 'token' ? [{ kind: 'realm_missing' } as const] : []),
  ];
}

const CHANGING: ReadonlySet<Method> = new Set(['PUT', 'PATCH', 'DELETE']);

const bodyFailures = (mediaTypes: readonly string[]): Failure[] => [
  { kind: 'not_json' },
  { kind: 'media_type', expected: mediaTypes.join(', ') },
  { kind: 'too_large', maxBytes: BODY_MAX_BYTES },
];
const keyFailures: Failure[] = [{ kind: 'idempotency_key_reused' }, { kind: 'request_in_progress' }];

function refusal(dialect: DocumentedDialect, status: number, failures: readonly Failure[]) {
  const bodies = failures.map((failure) => dialect.toWire(failure, EXAMPLE_MS).body);
  const examples = failures.map((failure, index) => [
    nameOf(failure),
    shareable('examples', [componentOf(failure)], { value: bodies[index] }),
  ]);
  const headers = headersOf(dialect, failures, status);
  return shareable('responses', [[...new Set(failures.map(componentOf))].join('Or')], {
    description: listed(new Set(failures.map(dialect.wordsOf))),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: jsonMediaType(errorSchema(dialect, bodies), { examples: Object.fromEntries(examples) }),
  });
}

function fault(dialect: DocumentedDialect) {
  const example = dialect.faultBody('…', EXAMPLE_MS);
  return shareable('responses', ['InternalError'], {
    description: 'A fault of ours.',
    content: jsonMediaType(errorSchema(dialect, [example]), { example }),
  });
}

function listed(sentences: ReadonlySet<string>): string {
  return sentences.size === 1 ? [...sentences].join() : [...sentences].map((one) => `- ${one}`).join('\n');
}

function headersOf({ rateHeaders }: DocumentedDialect, failures: readonly Failure[], status: number) {
  const names = [
    ...(failures.some((failure) => wwwAuthenticate(failure, status) !== undefined) ? ['WWW-Authenticate'] : []),
    ...(failures.some(({ kind }) => kind === 'rate_limited')
      ? ['Retry-After', ...RATE_FIELDS, ...Object.keys(rateHeaders({ limit: 0, remaining: 0, resetMs: EXAMPLE_MS }))]
      : []),
  ];
  return Object.fromEntries(names.map((name) => [name, shareable('headers', [name], { schema: { type: 'string' } })]));
}

function nameOf(failure: Failure): string {
  const of = 'what' in failure ? failure.what : 'of' in failure ? failure.of : undefined;
  return of === undefined ? failure.kind : `${of}_${failure.kind}`;
}

function componentOf(failure: Failure): string {
  const { kind: _, what: __, of: ___, ...rest } = { what: '', of: '', ...failure };
  const details = Object.values(rest).filter((value) => typeof value === 'string');
  return toPascalCase([nameOf(failure), ...details].join(' '));
}

function errorSchema(dialect: DocumentedDialect, bodies: readonly unknown[]) {
  const shapes = 'options' in dialect.errorSchema ? (dialect.errorSchema.options as v.GenericSchema[]) : [];
  const taken = shapes.filter((shape) => bodies.some((body) => v.is(shape, body)));
  const [only] = taken;
  return schemaOf(dialect, taken.length > 1 || only === undefined ? dialect.errorSchema : only);
}
