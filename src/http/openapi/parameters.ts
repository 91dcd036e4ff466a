import type { JsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { ANYONE } from '../../model/clients/scope.ts';
import { IDEMPOTENCY_KEY_MAX_CHARS, IDEMPOTENCY_RETENTION_MS } from '../../model/limits/index.ts';
import type { DocumentedDialect } from '../routes/dialect.ts';
import type { RouteFacts } from '../routes/route.ts';
import { parameterSchema, schemaOf } from './schema.ts';
import { shareable, toPascalCase } from './share.ts';

const COMMON: Readonly<Record<string, string>> = {
  limit: 'How many at most.',
  after: 'Where to go on: the cursor in the `Link` header of the page before.',
  'If-Match': 'Else 412: the object has one of these entity tags; with `*`, there is one.',
  'If-None-Match':
    'Else 304 to a GET, 412 to all others: the object has none of these entity tags; with `*`, there is none.',
  'If-Modified-Since': 'Else 304: the object was stored after this time. Not heeded beside If-None-Match.',
  'If-Unmodified-Since': 'Else 412: the object was not stored after this time. Not heeded beside If-Match.',
  Range: 'The one range of bytes to send, such as `bytes=0-499`; of several, or another unit, all bytes are sent.',
  'If-Range': 'The entity tag that `Range` is meant for; of an object with another one, all bytes are sent.',
};

const idempotencyKey = shareable('parameters', ['header.Idempotency-Key'], {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: `Repeats with the same key get the first answer again for ${IDEMPOTENCY_RETENTION_MS / 3_600_000} hours.`,
  schema: { type: 'string', minLength: 1, maxLength: IDEMPOTENCY_KEY_MAX_CHARS },
});

export function parametersOf(dialect: DocumentedDialect, route: RouteFacts) {
  const { id, tag, method, scope, params, query, heeds = [] } = route;
  const { parameters: own } = dialect;
  const parameter = (location: 'path' | 'query' | 'header', name: string, schema: JsonSchema) =>
    shareable('parameters', componentsOf(location, name, tag), {
      name,
      in: location,
      required: location === 'path',
      description: own[`${id} ${name}`] ?? own[name] ?? COMMON[name] ?? schema.description,
      schema,
    });
  const inPath = Object.entries(entriesOf(params)).map(([name, schema]) =>
    parameter('path', name, schemaOf(dialect, schema)),
  );
  const inQuery = Object.entries(query?.entries ?? {}).map(([name, schema]) =>
    parameter('query', name, parameterSchema(dialect, schema as v.GenericSchema)),
  );
  const inHeaders = heeds.map((name) => parameter('header', name, { type: 'string' }));
  return [...inPath, ...inQuery, ...inHeaders, ...(method === 'POST' && scope !== ANYONE ? [idempotencyKey] : [])];
}

function entriesOf(schema: v.GenericSchema | undefined): Record<string, v.GenericSchema> {
  return schema !== undefined && 'entries' in schema ? (schema.entries as Record<string, v.GenericSchema>) : {};
}

/** `query.name.eq` for `name[eq]`; with the tag if that name is taken. */
function componentsOf(location: string, name: string, tag: string): string[] {
  const plain = `${location}.${name.replace(/\[(\w+)\]/, '.$1')}`;
  return [plain, `${plain}.${toPascalCase(tag)}`];
}
