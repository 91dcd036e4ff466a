import fc from 'fast-check';
import type * as v from 'valibot';
import type { DocumentedDialect } from '../../src/http/routes/dialect.ts';
import { mediaTypesOf, type Route } from '../../src/http/routes/route.ts';
import { ANYONE, SELF } from '../../src/model/clients/scope.ts';
import type { Json, Reply } from '../support/api.ts';
import { nodeOf, valid, validFor } from '../support/generators/arbitrary.ts';
import { contentOf, exampleOf, type Fields, fieldsOf, idIn, isPatch } from '../support/generators/bodies.ts';
import { nearlyPatches } from '../support/generators/nearly-patches.ts';
import { nearlyValidFor } from '../support/generators/nearly-valid.ts';
import { viewOf } from '../support/generators/routes.ts';
import { documentOf } from '../support/measures/openapi.ts';
import { contractOf } from './contract.ts';
import type { Operation } from './operation.ts';
import { PASSWORD } from './scene.ts';
import { type Memory, remember, type StandIns } from './stand-ins.ts';

/** Every route of a dialect, with what its served document says of the answers. */
export async function operationsOf(dialect: DocumentedDialect, standIns: StandIns): Promise<Operation[]> {
  const contract = contractOf(await documentOf(dialect.base));
  return dialect.routes.map((route) => {
    const path = dialect.base + route.path;
    const documented = path.replace(/:(\w+)/g, '{$1}');
    return {
      method: route.method,
      path,
      rest: route.rest === true,
      query: queryOf(route, standIns),
      mediaTypes: mediaTypesOf(route),
      body: bodyOf(dialect, route, standIns),
      own: route.scope === SELF,
      answers: (status) => contract(documented, route.method, status),
      learn: (reply, memory) => learn(dialect, route, reply, memory),
    };
  });
}

/** What names a thing, or opens something: in a body it is one that an answer told. */
const NAMED = /(?:Id|_id|[tT]oken|email|username)$/;

function queryOf({ query }: Route, standIns: StandIns): Operation['query'] {
  const word = fc.constantFrom(
    '1',
    '2',
    '100',
    '0',
    '-1',
    '1.5',
    'a',
    'name',
    '-createdAt',
    'true',
    '2026-01-01T00:00:00Z',
    'a,b',
    '%',
  );
  return Object.fromEntries(
    Object.entries(query?.entries ?? {}).map(([name, schema]) => {
      const known = NAMED.test(name) || name === 'id' ? standIns.of(name === 'id' ? 'any' : name) : word;
      return [name, fc.oneof(valuesOf(schema as v.GenericSchema) ?? word, known, word)];
    }),
  );
}

/** Texts that the schema of a parameter takes, where its kind is known. */
function valuesOf(schema: v.GenericSchema): fc.Arbitrary<string> | undefined {
  const { type, options = [], wrapped } = nodeOf(schema);
  if (type === 'picklist') return fc.constantFrom(...options.map(String));
  return wrapped && valuesOf(wrapped as unknown as v.GenericSchema);
}

function bodyOf(dialect: DocumentedDialect, route: Route, standIns: StandIns): fc.Arbitrary<string> | null {
  if (route.bytes === 'request') return fc.string({ maxLength: 64 });
  if (route.body === undefined) return null;
  if (isPatch(route)) return nearlyPatches(exampleOf(dialect, route) as Fields[]);
  if (mediaTypesOf(route).includes('application/x-www-form-urlencoded')) return formOf(route, route.body, standIns);
  const given = Object.fromEntries(
    fieldsOf(route.body).flatMap((name) => {
      if (isOwnPassword(route, name)) return [[name, OWN_PASSWORD]];
      return NAMED.test(name) ? [[name, namedBy(name, standIns)]] : [];
    }),
  );
  const near = nearlyValidFor(route.body, given);
  // A check of the whole would never hold for stand-ins.
  if (nodeOf(route.body).pipe !== undefined) return near;
  return fc.oneof(
    { weight: 3, arbitrary: near },
    { weight: 1, arbitrary: validFor(route.body, given).map((value) => JSON.stringify(value) ?? '') },
  );
}

/** Where somebody says a password that there is, instead of choosing one. */
const isOwnPassword = ({ scope }: Pick<Route, 'scope'>, name: string) =>
  name === 'currentPassword' || (name === 'password' && scope === ANYONE);
const OWN_PASSWORD = fc.constantFrom(PASSWORD, PASSWORD, PASSWORD, 'wrong');

function namedBy(name: string, standIns: StandIns): fc.Arbitrary<unknown> {
  const fresh = /email|username/.test(name) ? fc.nat(1e9).map((n) => `somebody-${n}@example.com`) : fc.constant(null);
  return fc.oneof({ weight: 2, arbitrary: standIns.of(name) }, { weight: 1, arbitrary: fresh });
}

/** Forms of one of several kinds, each with fields of its own. */
function formOf(route: Route, schema: v.GenericSchema, standIns: StandIns): fc.Arbitrary<string> {
  const { options = [schema] } = nodeOf(schema) as { readonly options?: readonly unknown[] };
  const forms = options.map((option) => {
    const { entries = {} } = nodeOf(option as v.GenericSchema);
    const fields = Object.entries(entries).map(([name, entry]) => {
      const known = isOwnPassword(route, name)
        ? OWN_PASSWORD
        : NAMED.test(name)
          ? standIns.of(name)
          : entry.type === 'literal'
            ? fc.constant((entry as Json).literal)
            : valid(entry, {});
      return fc.tuple(
        fc.constant(name),
        fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: fc.string() }),
      );
    });
    return fc.subarray(fields, { minLength: Math.max(0, fields.length - 1) }).chain((chosen) => fc.tuple(...chosen));
  });
  return fc
    .oneof(...forms)
    .map((pairs) => new URLSearchParams(pairs.map(([name, value]) => [name, String(value).toWellFormed()])).toString());
}

function learn(dialect: DocumentedDialect, route: Route, reply: Reply, memory: Memory): void {
  remember(memory, 'etag', reply.headers.get('ETag'));
  remember(memory, 'bookmark', reply.headers.get('X-D1-Bookmark'));
  remember(memory, 'after', /[?&]after=([^&>]+)/.exec(reply.headers.get('Link') ?? '')?.[1]);
  if (reply.status >= 400 || reply.body === null) return;
  const parameter = viewOf(dialect, route)?.parameter ?? '';
  const content = contentOf(dialect, route, reply.body);
  for (const one of [content].flat()) {
    const id = typeof one === 'object' ? idIn(one as Fields, parameter) : undefined;
    if (id === undefined) continue;
    remember(memory, 'any', id);
    if (parameter !== '') remember(memory, parameter, id);
  }
  learnNamed(reply.body, memory);
}

function learnNamed(value: Json, memory: Memory): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries<Json>(value)) {
    if (typeof inner === 'string' && /[tT]oken$/.test(name)) remember(memory, 'token', inner);
    if (typeof inner === 'string' && NAMED.test(name)) remember(memory, name, inner);
    else learnNamed(inner, memory);
  }
}
