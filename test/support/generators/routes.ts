import { createExecutionContext } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { documented } from '../../../src/dialects/documented.ts';
import type { DocumentedDialect } from '../../../src/http/routes/dialect.ts';
import type { Route } from '../../../src/http/routes/route.ts';
import worker from '../../../src/index.ts';
import { type Access, availableScopes, isScope, type Scope } from '../../../src/model/clients/scope.ts';
import type { Caller, Reply } from '../api.ts';
import { type Client, makeReseller, operator, unique } from '../world.ts';
import {
  type Body,
  contentOf,
  contentSchema,
  exampleOf,
  type Fields,
  fieldsOf,
  fill,
  idIn,
  presentOf,
} from './bodies.ts';
import { type Ids, makers, occasions } from './makers.ts';

/** A route for callers with a scope. */
export type Declared = { readonly dialect: DocumentedDialect; readonly route: Route & { readonly scope: Scope } };

/** Every such route of every dialect. */
export const declared: readonly Declared[] = documented.flatMap((dialect) =>
  dialect.routes.flatMap((route) =>
    isScope(route.scope) ? [{ dialect, route: { ...route, scope: route.scope } }] : [],
  ),
);

export const nameOf = ({ dialect, route }: Declared) => `${route.method} ${dialect.base}${route.path}`;

/** Whether no reseller's credential can hold the scope. */
export const isOperatorOnly = (scope: Access) => isScope(scope) && !availableScopes('a reseller').includes(scope);

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
  /** Of the Worker, in place of those of the tests. */
  readonly settings?: object;
};

/** A reseller that is there, and what there is in it by the names of parameters. */
type Home = Pick<Awaited<ReturnType<typeof makeReseller>>, 'id' | 'api'> & { readonly ids: Ids };

/**
 * The caller is a client of the reseller that may do everything in it; the operator's where only that one may. A list
 * has something in it.
 */
export async function openScene(
  { dialect, route }: Declared,
  asOperator = isOperatorOnly(route.scope),
  home?: Home,
): Promise<Scene> {
  const { id: reseller, api, ids: given } = home ?? { ...(await makeReseller()), ids: {} };
  const caller = asOperator ? await operator() : api;
  const ids: Record<string, string> = { ...given };
  const body = exampleOf(dialect, route);
  // What is there to refuse the operator has to be made by somebody else.
  const place = { dialect, reseller, caller: dialect.realm === 'token' ? api : caller, ids };
  const listed = route.method === 'GET' ? parametersBelow(dialect, route.path) : [];
  // An upload makes what it names.
  if (route.bytes === 'request') ids[lastParameterOf(route.path)] = unique('key');
  const names = [...parametersOf(route.path), ...referencesOf(dialect, route), ...listed];
  for (const name of names) await provide(place, name);
  const scene = { dialect, route, reseller, home: asOperator ? null : reseller, caller, ids, body };
  await renew(scene);
  return scene;
}

/** Makes the scene's request one that succeeds again, where having succeeded stands in its way. */
export async function renew({ route, ids }: Scene): Promise<void> {
  await occasions[route.id]?.(ids);
}

export async function request(
  scene: Omit<Scene, 'route'> & { readonly route: Route },
  changes: Changes = {},
): Promise<Reply> {
  const { dialect, route, caller } = scene;
  const { method = route.method, token = caller.token, query = '' } = changes;
  const ids = { ...scene.ids, ...changes.ids };
  const json = scene.body && JSON.stringify(bodyOf({ ...scene, ids }));
  const filled = new TextEncoder().encode(route.bytes === 'request' && method === route.method ? 'bytes' : json);
  const body = changes.body === undefined && filled.length > 0 ? filled : changes.body;
  const headers = new Headers({
    'X-Request-Id': unique('request'),
    'CF-Connecting-IP': unique('address'),
    Authorization: `Bearer ${token}`,
  });
  if (body) headers.set('Content-Type', 'application/json');
  if (method === 'POST') headers.set('Idempotency-Key', unique('key'));
  for (const [name, value] of Object.entries(changes.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const address = `https://edge.localhost${addressOf(dialect, route.path, ids)}${query}`;
  const asked = new Request<unknown, IncomingRequestCfProperties>(address, { method, headers, ...(body && { body }) });
  const response = await (changes.settings === undefined
    ? exports.default.fetch(asked)
    : worker.fetch(asked, { ...env, ...changes.settings }, createExecutionContext()));
  const text = await response.text();
  const { status, headers: replied } = response;
  const isJson = replied.get('Content-Type')?.startsWith('application/json') ?? false;
  return { status, headers: replied, text, body: isJson && text !== '' ? JSON.parse(text) : null };
}

/** The body that the scene's request carries. */
export const bodyOf = ({ dialect, route, body, ids }: Omit<Scene, 'route'> & { readonly route: Route }): Body =>
  fill(body ?? {}, referencesOf(dialect, route), ids);

export const parametersOf = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');

/** The parameters of a route's path that are ids: all but a last one that may be any text. */
export const idsOf = ({ path, rest }: Route) => (rest ? parametersOf(path).slice(0, -1) : parametersOf(path));

/** The fields of a route's body that are named like a path parameter of the dialect. */
export function referencesOf(dialect: DocumentedDialect, { body }: Route): string[] {
  const known = dialect.routes.flatMap(({ path }) => parametersOf(path));
  return fieldsOf(body && presentOf(body)).filter((name) => known.includes(name));
}

/** Where a dialect shows the thing that a write is about: at an address of its own, or in a list. */
export type View = { readonly route: Route; readonly parameter: string };

/** By its own address, or its list; else the route that shows no field that the write's answer has not. */
export function viewOf(dialect: DocumentedDialect, write: Route): View | undefined {
  const [made] = parametersBelow(dialect, write.path);
  const path = write.method === 'POST' && made !== undefined ? `${write.path}/:${made}` : write.path;
  const parameter = lastParameterOf(path);
  const reads = dialect.routes.filter(({ method }) => method === 'GET');
  const addresses = parameter === '' ? [path] : [path, path.slice(0, path.lastIndexOf('/'))];
  const route = addresses.map((address) => reads.find((read) => read.path === address)).find(Boolean);
  if (route !== undefined) return { route, parameter };
  const told = fieldsOf(contentSchema(dialect, write));
  const alike = reads.find((read) => {
    const shown = fieldsOf(contentSchema(dialect, read));
    return shown.length > 0 && shown.every((field) => told.includes(field));
  });
  return alike && { route: alike, parameter: lastParameterOf(alike.path) };
}

/** The thing of this id as its view shows it. */
export async function lookUp(scene: Scene, { route, parameter }: View, id: string): Promise<Fields | undefined> {
  const { body } = await request({ ...scene, route, body: undefined }, { ids: { [parameter]: id } });
  const shown = contentOf(scene.dialect, route, body) as Fields;
  return Array.isArray(shown) ? shown.find((item) => idIn(item, parameter) === id) : shown;
}

/** The parameter at the end of a path. */
const lastParameterOf = (path: string) => /:(\w+)$/.exec(path)?.[1] ?? '';

export type Place = { dialect: DocumentedDialect; reseller: string; caller: Caller; ids: Record<string, string> };

/** Makes the thing that a parameter names, and before it what it takes to make it. */
export async function provide(place: Place, name: string): Promise<void> {
  const { dialect, reseller, caller, ids } = place;
  if (ids[name] !== undefined) return;
  const maker = makers[name];
  if (maker !== undefined) {
    for (const needed of maker.needs) await provide(place, needed);
    ids[name] = await maker.make(ids);
    return;
  }
  const create = dialect.routes.find((route) => route.method === 'POST' && viewOf(dialect, route)?.parameter === name);
  // What nobody within a reseller can make is the reseller itself.
  if (create === undefined || isOperatorOnly(create.scope)) {
    ids[name] = reseller;
    return;
  }
  const body = exampleOf(dialect, create) ?? {};
  const references = referencesOf(dialect, create);
  for (const needed of [...parametersOf(create.path), ...references]) await provide(place, needed);
  const made = await caller.post(addressOf(dialect, create.path, ids), fill(body, references, ids));
  const id = made.status === create.returns[0] ? idIn(made.body, name) : undefined;
  if (id === undefined) throw new Error(`no ${name}: ${made.status} ${made.text}`);
  ids[name] = id;
}

/** The parameter that names what is listed at a path, if there is one. */
function parametersBelow(dialect: DocumentedDialect, path: string): string[] {
  const below = dialect.routes.find((route) => route.path.startsWith(`${path}/:`))?.path ?? '';
  return parametersOf(below.slice(path.length)).slice(0, 1);
}

const addressOf = (dialect: DocumentedDialect, path: string, ids: Ids) =>
  dialect.base + path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '');
