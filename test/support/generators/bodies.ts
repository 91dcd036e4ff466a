import type * as v from 'valibot';
import type { DocumentedDialect } from '../../../src/http/routes/dialect.ts';
import type { Route } from '../../../src/http/routes/route.ts';
import { unique } from '../world.ts';
import type { Ids } from './makers.ts';

export type Fields = Readonly<Record<string, unknown>>;
/** Fields, or a list of operations. */
export type Body = Fields | readonly Fields[];

type Parts = { readonly entries?: Readonly<Record<string, v.GenericSchema>>; readonly item?: v.GenericSchema };
const partsOf = (schema: v.GenericSchema | undefined) => (schema ?? {}) as Parts;

/** The names of the fields that a schema has. */
export const fieldsOf = (schema: v.GenericSchema | undefined) => Object.keys(partsOf(schema).entries ?? {});

/** The schema of a body that is there. */
export const presentOf = (body: v.GenericSchema) => ('wrapped' in body ? (body.wrapped as v.GenericSchema) : body);

/** Whether a body is a list of operations (RFC 6902) rather than fields. */
export const isPatch = ({ body }: Pick<Route, 'body'>) => body?.type === 'array';

/** The entry of an envelope, a schema without a name, that holds what a reply is about, which has one. */
function contentIn(dialect: DocumentedDialect, schema: v.GenericSchema | undefined): string | undefined {
  const named = new Set(Object.values(dialect.schemas));
  if (schema === undefined || named.has(schema)) return undefined;
  const { entries = {} } = partsOf(schema);
  return Object.keys(entries).find((name) => named.has(partsOf(entries[name]).item ?? entries[name]!));
}

/** The schema of what a route's reply is about, out of its envelope if there is one. */
export function contentSchema(dialect: DocumentedDialect, { returns: [, schema] }: Route): v.GenericSchema | undefined {
  const content = contentIn(dialect, schema);
  return content === undefined ? schema : partsOf(schema).entries?.[content];
}

/** What a reply of the route is about, out of its envelope if there is one. */
export function contentOf(dialect: DocumentedDialect, { returns: [, schema] }: Route, reply: unknown): unknown {
  const content = contentIn(dialect, schema);
  return content === undefined ? reply : Reflect.get(reply as object, content);
}

/** The id of what is shown, under the parameter's name or as `id`, there or one level down; if there is any. */
export function idIn(shown: Fields | null, parameter: string): string | undefined {
  const nested = Object.values(shown ?? {}).find(
    (value) => typeof value === 'object' && value !== null && 'id' in value,
  );
  const id = shown?.[parameter] ?? shown?.['id'] ?? (nested as Fields | undefined)?.['id'];
  return id === undefined ? undefined : String(id);
}

/** The dialect's example for the operation or else of its body's schema, with names and addresses that nobody else uses. */
export function exampleOf(dialect: DocumentedDialect, { body, id }: Route): Body | undefined {
  if (body === undefined) return undefined;
  const [name = ''] = Object.entries(dialect.schemas).find(([, schema]) => schema === presentOf(body)) ?? [];
  const example = dialect.examples[id] ?? dialect.examples[name];
  if (example === undefined) throw new Error(`the body of ${id} has no name or no example in dialect ${dialect.name}`);
  return distinct(example) as Body;
}

function distinct(value: unknown, key = ''): unknown {
  if (typeof value === 'string' && value.includes('@')) return unique('someone') + value.slice(value.indexOf('@'));
  // A recovery begins within the last 30 days.
  if (key === 'since') return new Date(Date.now() - 3_600_000).toISOString();
  if (typeof value === 'string') return key === 'name' ? unique(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => distinct(item));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, distinct(inner, name)]));
}

/** The body with everything that it may refer to. */
export function fill(body: Body, references: readonly string[], ids: Ids): Body {
  if (Array.isArray(body)) return body;
  return { ...body, ...Object.fromEntries(references.map((name) => [name, ids[name]])) };
}

/** The body with one more field, in each of its operations if it is a list of them. */
export const withField = (body: Body, field: Fields): Body =>
  Array.isArray(body) ? body.map((operation) => ({ ...operation, ...field })) : { ...body, ...field };

/** What a body's fields are where they are left out, as far as its schema says so. */
export function presetsOf(schema: v.GenericSchema): Fields {
  const entries = Object.entries(partsOf(schema).entries ?? {});
  return Object.fromEntries(
    entries.flatMap(([name, entry]) => {
      const { type, default: given } = entry as { readonly type: string; readonly default?: unknown };
      // Whoever has to say null means it.
      const preset = type === 'nullable' ? null : given;
      return preset === undefined ? [] : [[name, preset]];
    }),
  );
}
