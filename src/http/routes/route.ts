import * as v from 'valibot';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { type Access, isScope, SELF } from '../../model/clients/scope.ts';
import type { EventType } from '../../model/events/event.ts';
import { type Failure, invalid, refuse } from '../../model/failure.ts';
import { type Actor, may } from '../../model/sessions/actor.ts';
import { FORM, parseForm, parseJson, readBytes } from '../body.ts';
import { openCallerContext } from '../callers/caller-context.ts';
import { type EncodedReply, idempotencyFor, withIdempotency } from '../idempotency.ts';
import { beginHeavyRead, isHeavyRead } from '../rate-limits/heavy-reads.ts';
import { reply } from '../reply.ts';
import { publicAddress, type RequestContext } from '../request-context.ts';
import { withCommonPasswords } from './common-passwords.ts';
import { decode, decodePath } from './decode.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type RawQuery = Readonly<Record<string, string | string[] | undefined>>;

export type QueryDeclaration<T> = {
  readonly entries: v.ObjectEntries;
  readonly read: (query: RawQuery) => T;
  readonly heavy?: (parsedQuery: T) => boolean;
};

export type RouteFacts = {
  readonly method: Method;
  /** Below the base; parameters as `:name`. */
  readonly path: string;
  /** Outside the dialect's base. */
  readonly alias?: string;
  /** The last parameter takes the rest of the path. */
  readonly rest?: true;
  readonly scope: Access;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly params?: v.GenericSchema | undefined;
  readonly query?: Pick<QueryDeclaration<unknown>, 'entries'> | undefined;
  readonly body?: v.GenericSchema | undefined;
  readonly mediaTypes?: readonly string[];
  /** Raw bytes instead of JSON. */
  readonly bytes?: 'request' | 'response';
  readonly mediaType?: string;
  /** Request headers that change the result. */
  readonly heeds?: readonly string[];
  /** Without a schema the response has no body. */
  readonly returns: readonly [status: number, schema?: v.GenericSchema | undefined];
  readonly also?: Readonly<Record<number, string>>;
  readonly fails?: readonly Failure[];
  readonly raises?: readonly EventType[];
  /** Always a heavy read, for any query. */
  readonly cost?: 'heavy';
};

export type Parsed<S> = S extends v.GenericSchema ? v.InferOutput<S> : undefined;
type ReplyValue<S> = S extends v.GenericSchema ? v.InferInput<S> : null;

export type RouteDeclaration<P, Q, B, R, Result> = Omit<RouteFacts, 'params' | 'query' | 'body' | 'returns'> & {
  readonly params?: P;
  readonly query?: QueryDeclaration<Q>;
  readonly body?: B;
  readonly returns: readonly [status: number, schema?: R];
  readonly status?: (result: Result) => number;
  readonly present: (result: Result, nowMs: number) => ReplyValue<R>;
  readonly headers?: (result: Result, url: URL) => Readonly<Record<string, string>>;
};

export type Input<P, Q, B> = { readonly params: Parsed<P>; readonly query: Q; readonly body: Parsed<B> };
export type RawInput = { readonly params: Readonly<Record<string, string>>; readonly query: RawQuery };
export type Route = RouteFacts & {
  /** `actor` is null for public routes. */
  readonly handle: (context: RequestContext, actor: Actor | null, raw: RawInput) => Promise<Response>;
};

const MEDIA_TYPES: Readonly<Record<Method, readonly string[]>> = {
  GET: [],
  DELETE: [],
  POST: ['application/json'],
  PUT: ['application/json'],
  PATCH: ['application/json', 'application/merge-patch+json'],
};

export function route<
  Result,
  P extends v.GenericSchema | undefined = undefined,
  Q = undefined,
  B extends v.GenericSchema | undefined = undefined,
  R extends v.GenericSchema | undefined = undefined,
>(
  declaration: RouteDeclaration<P, Q, B, R, Result>,
  handler: (caller: CallerContext, input: Input<P, Q, B>, request: Request) => Promise<Result>,
): Route {
  const { scope, headers } = declaration;
  return {
    ...declaration,
    async handle(context, identified, raw) {
      const actor = authorizeCaller(declaration, identified);
      const { input, bytes } = await readInput(declaration, context, raw);
      const encode = (result: Result): EncodedReply => encodeReply(declaration, result, context.now);
      const caller = openCallerContext(context, actor, scope, await idempotencyFor(context, actor, bytes, encode));
      const end = isHeavyRead(declaration, input.query) ? await beginHeavyRead(context, actor) : null;
      const answer = withIdempotency(context, caller, async () => {
        const result = await handler(caller, input, context.request);
        const { status, text } = encode(result);
        return reply(status, text, headers?.(result, publicAddress(context)));
      }).finally(() => end?.());
      if (declaration.bytes === 'request') context.waitUntil(answer);
      return answer.finally(() => context.runAfterCommit(caller));
    },
  };
}

/** Refuses `invalid` for a query after a free-text path: its `?` probably belongs to the path. */
export function refuseQuery({ rest, query }: Pick<RouteFacts, 'rest' | 'query'>, { url }: Request): void {
  if (rest && query === undefined && url.includes('?'))
    refuse(invalid('query', '', 'This address takes no query. Send a ? in a name as %3F.'));
}

/** Refuses `token_missing`, `scope_missing`, `user_required`. */
export function authorizeCaller({ scope }: Pick<RouteFacts, 'scope'>, actor: Actor | null): Actor {
  if (actor === null) refuse({ kind: 'token_missing' });
  if (scope === SELF && actor.kind !== 'user') refuse({ kind: 'user_required' });
  if (isScope(scope) && !may(actor, scope)) refuse({ kind: 'scope_missing', scope });
  return actor;
}

export function readPath<P extends v.GenericSchema | undefined>(params: P, raw: RawInput): Parsed<P> {
  return (params && decode(params, decodePath(raw.params), 'path')) as Parsed<P>;
}

/** Refuses `invalid`, `not_json`, `media_type`, `too_large`. */
export async function readInput<P extends v.GenericSchema | undefined, Q, B extends v.GenericSchema | undefined>(
  declaration: Pick<
    RouteDeclaration<P, Q, B, unknown, never>,
    'method' | 'mediaTypes' | 'params' | 'query' | 'body' | 'rest'
  >,
  { env, request }: RequestContext,
  raw: RawInput,
): Promise<{ readonly input: Input<P, Q, B>; readonly bytes: Uint8Array }> {
  const { params, query, body } = declaration;
  refuseQuery(declaration, request);
  const path = readPath(params, raw);
  const parsedQuery = query?.read(raw.query);
  const mediaTypes = mediaTypesOf(declaration);
  const bytes = body ? await readBytes(request, mediaTypes, mayBeAbsent(body)) : new Uint8Array();
  const rawBody = body && (mediaTypes.includes(FORM) ? parseForm(bytes) : bodyOf(body, bytes));
  const parsedBody = body && (await withCommonPasswords(env, () => decode(body, rawBody, 'body')));
  return { input: { params: path, query: parsedQuery, body: parsedBody } as Input<P, Q, B>, bytes };
}

/** Refuses `realm_missing`. */
export function realmOf({ actor }: CallerContext): string {
  return actor.reseller ?? refuse({ kind: 'realm_missing' });
}

export function mediaTypesOf({ method, mediaTypes }: Pick<RouteFacts, 'method' | 'mediaTypes'>): readonly string[] {
  return mediaTypes ?? MEDIA_TYPES[method];
}

export function mayBeAbsent(body: v.GenericSchema): boolean {
  return body.type === 'optional';
}

function bodyOf(body: v.GenericSchema, bytes: Uint8Array): unknown {
  return bytes.byteLength === 0 && mayBeAbsent(body) ? undefined : parseJson(bytes);
}

/** Parses the reply by its schema, so that undeclared fields never leave. */
export function encodeReply<R extends v.GenericSchema | undefined, Result>(
  {
    returns: [usual, schema],
    status,
    present,
  }: Pick<RouteDeclaration<unknown, unknown, unknown, R, Result>, 'returns' | 'status' | 'present'>,
  result: Result,
  nowMs: number,
): EncodedReply {
  const text = schema === undefined ? null : JSON.stringify(v.parse(schema, present(result, nowMs)));
  return { status: status?.(result) ?? usual, text };
}
