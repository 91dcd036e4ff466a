import { exports } from 'cloudflare:workers';
import { dialects } from '../../src/dialects/index.ts';
import type { Dialect } from '../../src/http/dialect.ts';
import type { Route } from '../../src/http/route.ts';
import { type Scope, scopesWithin } from '../../src/model/scope.ts';
import type { Caller, Reply } from './api.ts';
import { type Client, makeReseller, operator, unique } from './world.ts';

export type Declared = { readonly dialect: Dialect; readonly route: Route };

/** Every route of every dialect. */
export const declared: readonly Declared[] = dialects.flatMap((dialect) =>
  dialect.routes.map((route) => ({ dialect, route })),
);

export const nameOf = ({ dialect, route }: Declared) => `${route.method} ${dialect.base}${route.path}`;

/** Whether no reseller's credential can hold the scope. */
export const isOperatorOnly = (scope: Scope) => !scopesWithin('a reseller').includes(scope);

type Ids = Readonly<Record<string, string>>;
type Body = Readonly<Record<string, unknown>>;

/** A request that succeeds as it stands, in a reseller of its own where everything it names really exists. */
export type Scene = Declared & {
  readonly reseller: string;
  /** The reseller that the caller belongs to; null: the operator. */
  readonly home: string | null;
  readonly caller: Caller & { readonly client: Client };
  /** By the names of the path's parameters and of the body's references. */
  readonly ids: Ids;
  readonly body: Body | undefined;
};

/** Where to differ from the scene's request. A header of null is left out. */
export type Changes = {
  readonly method?: string;
  readonly token?: string;
  readonly ids?: Ids;
  readonly query?: string;
  readonly body?: BodyInit | null;
  readonly headers?: Readonly<Record<string, string | null>>;
};

/** The caller is a client of the reseller that may do everything in it; the operator's where only that one may. */
export async function openScene(
  { dialect, route }: Declared,
  asOperator = isOperatorOnly(route.scope),
): Promise<Scene> {
  const { id: reseller, api } = await makeReseller();
  const caller = asOperator ? await operator() : api;
  const ids: Record<string, string> = {};
  const body = exampleOf(dialect, route);
  const place = { dialect, reseller, caller, ids };
  for (const name of [...parametersOf(route.path), ...referencesOf(dialect, route)]) await provide(place, name);
  return { dialect, route, reseller, home: asOperator ? null : reseller, caller, ids, body };
}

export async function request(scene: Scene, changes: Changes = {}): Promise<Reply> {
  const { dialect, route, caller } = scene;
  const { method = route.method, token = caller.token, query = '' } = changes;
  const ids = { ...scene.ids, ...changes.ids };
  const filled = scene.body && new TextEncoder().encode(JSON.stringify(fill(dialect, route, scene.body, ids)));
  const body = changes.body === undefined ? filled : changes.body;
  const headers = new Headers({ 'X-Request-Id': unique('request'), Authorization: `Bearer ${token}` });
  if (body) headers.set('Content-Type', 'application/json');
  if (method === 'POST') headers.set('Idempotency-Key', unique('key'));
  for (const [name, value] of Object.entries(changes.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const address = `https://edge.test${addressOf(dialect, route.path, ids)}${query}`;
  const response = await exports.default.fetch(new Request(address, { method, headers, ...(body && { body }) }));
  const text = await response.text();
  const { status, headers: replied } = response;
  return { status, headers: replied, text, body: text === '' ? null : JSON.parse(text) };
}

/** The body that the scene's request carries. */
export const bodyOf = ({ dialect, route, body, ids }: Scene): Body => fill(dialect, route, body ?? {}, ids);

/** The id of the thing that a reply shows. */
export function idIn(body: Body): string {
  const nested = Object.values(body).find((value) => typeof value === 'object' && value !== null && 'id' in value);
  return String(body['id'] ?? (nested as Body | undefined)?.['id']);
}

export const parametersOf = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');

/** The fields of a route's body that are named like a path parameter of the dialect. */
export function referencesOf(dialect: Dialect, { body }: Route): string[] {
  const fields = body !== undefined && 'entries' in body ? Object.keys(body.entries as object) : [];
  return fields.filter((name) => collectionOf(dialect, name) !== undefined);
}

type Place = { dialect: Dialect; reseller: string; caller: Caller; ids: Record<string, string> };

/** Makes the thing that a parameter names, and before it what stands to its left in the path. */
async function provide(place: Place, name: string): Promise<void> {
  const { dialect, reseller, caller, ids } = place;
  if (ids[name] !== undefined) return;
  const collection = collectionOf(dialect, name) ?? '';
  const create = dialect.routes.find((route) => route.method === 'POST' && route.path === collection);
  // What nobody within a reseller can make is the reseller itself.
  if (create === undefined || isOperatorOnly(create.scope)) {
    ids[name] = reseller;
    return;
  }
  const body = exampleOf(dialect, create) ?? {};
  for (const needed of [...parametersOf(collection), ...referencesOf(dialect, create)]) await provide(place, needed);
  const made = await caller.post(addressOf(dialect, collection, ids), fill(dialect, create, body, ids));
  if (made.status !== create.returns[0]) throw new Error(`no ${name}: ${made.status} ${made.text}`);
  ids[name] = idIn(made.body);
}

/** The path in front of a parameter. */
function collectionOf(dialect: Dialect, name: string): string | undefined {
  const path = dialect.routes.find((route) => parametersOf(route.path).includes(name))?.path;
  return path?.slice(0, path.indexOf(`/:${name}`));
}

/** The dialect's example of the route's body, with names and addresses that nobody else uses. */
function exampleOf(dialect: Dialect, { body, id }: Route): Body | undefined {
  if (body === undefined) return undefined;
  const [name = ''] = Object.entries(dialect.schemas).find(([, schema]) => schema === body) ?? [];
  const example = dialect.examples[name];
  if (example === undefined) throw new Error(`the body of ${id} has no name or no example in dialect ${dialect.name}`);
  return distinct(example) as Body;
}

function distinct(value: unknown, key = ''): unknown {
  if (typeof value === 'string' && value.includes('@')) return unique('someone') + value.slice(value.indexOf('@'));
  if (typeof value === 'string') return key === 'name' ? unique(value) : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, distinct(inner, name)]));
}

/** The body with everything that it may refer to. */
function fill(dialect: Dialect, route: Route, body: Body, ids: Ids): Body {
  return { ...body, ...Object.fromEntries(referencesOf(dialect, route).map((name) => [name, ids[name]])) };
}

const addressOf = (dialect: Dialect, path: string, ids: Ids) =>
  dialect.base + path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '');
