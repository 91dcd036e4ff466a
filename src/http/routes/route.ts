import * as v from 'valibot';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { type Access, isScope, SELF } from '../../model/clients/scope.ts';
import type { EventType } from '../../model/events/event.ts';
import { type Failure, invalid, refuse } from '../../model/failure.ts';
import { type Actor, may } from '../../model/sessions/actor.ts';
import { FORM, parseForm, parseJson, readBytes } from '../body.ts';
import { openCallerContext } from '../callers/caller-context.ts';
import { type Encoded, idempotencyFor, withIdempotency } from '../idempotency.ts';
import { beginHeavyRead, isHeavy } from '../rate-limits/heavy-reads.ts';
import { reply } from '../reply.ts';
import { publicAddress, type RequestContext } from '../request-context.ts';
import { decode, decodePath } from './decode.ts';
import { judging } from './judging.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type RawQuery = Readonly<Record<string, string | string[] | undefined>>;

/** A query string: the schema of each parameter, and how all of them are read. */
export type Query<T> = {
  readonly entries: v.ObjectEntries;
  readonly read: (query: RawQuery) => T;
  /** Whether what is asked for is a heavy read; else none is. */
  readonly heavy?: (asked: T) => boolean;
};

/** What anybody may know of a route: the OpenAPI document is made from this. */
export type RouteFacts = {
  readonly method: Method;
  /** Below the dialect's base; parameters as `:name`. */
  readonly path: string;
  /** A second address, outside the dialect's base. */
  readonly alias?: string;
  /** Whether the last parameter is all the rest of the path, slashes included. */
  readonly rest?: true;
  readonly scope: Access;
  /** Name of the operation in client code. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly params?: v.GenericSchema | undefined;
  readonly query?: Pick<Query<unknown>, 'entries'> | undefined;
  readonly body?: v.GenericSchema | undefined;
  /** What the body may be sent as, where that is not what the method usually takes. */
  readonly mediaTypes?: readonly string[];
  /** Where bytes of any kind stand instead of JSON. */
  readonly bytes?: 'request' | 'response';
  /** Of bytes that are answered, where they are always of one kind. */
  readonly mediaType?: string;
  /** Headers of the request that change what is done. */
  readonly heeds?: readonly string[];
  /** Status and, unless the answer is empty, its schema. */
  readonly returns: readonly [status: number, schema?: v.GenericSchema | undefined];
  /** Other statuses of success, and what they mean. */
  readonly also?: Readonly<Record<number, string>>;
  /** Refusals beyond those that every route knows. */
  readonly fails?: readonly Failure[];
  readonly raises?: readonly EventType[];
  /** `heavy`: it looks at many rows whatever is asked for. */
  readonly cost?: 'heavy';
};

export type Parsed<S> = S extends v.GenericSchema ? v.InferOutput<S> : undefined;
type Shown<S> = S extends v.GenericSchema ? v.InferInput<S> : null;

/** A route's facts, and how its result becomes the wire. */
export type Declaration<P, Q, B, R, Result> = Omit<RouteFacts, 'params' | 'query' | 'body' | 'returns'> & {
  readonly params?: P;
  readonly query?: Query<Q>;
  readonly body?: B;
  readonly returns: readonly [status: number, schema?: R];
  /** The status, where there are several. */
  readonly status?: (result: Result) => number;
  /** `nowMs`: the request's time, for dialects that stamp their answers. */
  readonly present: (result: Result, nowMs: number) => Shown<R>;
  readonly headers?: (result: Result, url: URL) => Readonly<Record<string, string>>;
};

export type Input<P, Q, B> = { readonly params: Parsed<P>; readonly query: Q; readonly body: Parsed<B> };
export type Raw = { readonly params: Readonly<Record<string, string>>; readonly query: RawQuery };
export type Route = RouteFacts & {
  /** `actor` is null where the route is open to anyone. */
  readonly handle: (context: RequestContext, actor: Actor | null, raw: Raw) => Promise<Response>;
};

/** What each method's body may be sent as unless its route says otherwise. */
const MEDIA_TYPES: Readonly<Record<Method, readonly string[]>> = {
  GET: [],
  DELETE: [],
  POST: ['application/json'],
  PUT: ['application/json'],
  PATCH: ['application/json', 'application/merge-patch+json'],
};

/** Declares a route: authorise, decode every part, call the domain, encode the reply through its schema. */
export function route<
  Result,
  P extends v.GenericSchema | undefined = undefined,
  Q = undefined,
  B extends v.GenericSchema | undefined = undefined,
  R extends v.GenericSchema | undefined = undefined,
>(
  declaration: Declaration<P, Q, B, R, Result>,
  handler: (caller: CallerContext, input: Input<P, Q, B>, request: Request) => Promise<Result>,
): Route {
  const { scope, headers } = declaration;
  return {
    ...declaration,
    async handle(context, identified, raw) {
      const actor = admit(declaration, identified);
      const { input, bytes } = await readInput(declaration, context, raw);
      const encode = (result: Result): Encoded => encodeReply(declaration, result, context.now);
      const caller = openCallerContext(context, actor, scope, await idempotencyFor(context, actor, bytes, encode));
      const end = isHeavy(declaration, input.query) ? await beginHeavyRead(context, actor) : null;
      const answer = withIdempotency(context, caller, async () => {
        const result = await handler(caller, input, context.request);
        const { status, text } = encode(result);
        return reply(status, text, headers?.(result, publicAddress(context)));
      }).finally(() => end?.());
      if (declaration.bytes === 'request') context.outlive(answer);
      return answer.finally(() => context.committed(caller));
    },
  };
}

/**
 * Refuses `invalid` where a route whose last parameter is any text is asked with a query: a `?` that was meant as part of
 * the text would name something else.
 */
export function refuseQuery({ rest, query }: Pick<RouteFacts, 'rest' | 'query'>, { url }: Request): void {
  if (rest && query === undefined && url.includes('?'))
    refuse(invalid('query', '', 'This address takes no query. Send a ? in a name as %3F.'));
}

/** The caller, who has the route's right. Refuses `token_missing`, `scope_missing`, `user_required`. */
export function admit({ scope }: Pick<RouteFacts, 'scope'>, actor: Actor | null): Actor {
  if (actor === null) refuse({ kind: 'token_missing' });
  if (scope === SELF && actor.kind !== 'user') refuse({ kind: 'user_required' });
  if (isScope(scope) && !may(actor, scope)) refuse({ kind: 'scope_missing', scope });
  return actor;
}

/** What the path says. Refuses `invalid`. */
export function readPath<P extends v.GenericSchema | undefined>(params: P, raw: Raw): Parsed<P> {
  return (params && decode(params, decodePath(raw.params), 'path')) as Parsed<P>;
}

/** What path, query and body say. Refuses `invalid`, `not_json`, `media_type`, `too_large`. */
export async function readInput<P extends v.GenericSchema | undefined, Q, B extends v.GenericSchema | undefined>(
  declaration: Pick<
    Declaration<P, Q, B, unknown, never>,
    'method' | 'mediaTypes' | 'params' | 'query' | 'body' | 'rest'
  >,
  { env, request }: RequestContext,
  raw: Raw,
): Promise<{ readonly input: Input<P, Q, B>; readonly bytes: Uint8Array }> {
  const { params, query, body } = declaration;
  refuseQuery(declaration, request);
  const path = readPath(params, raw);
  const asked = query?.read(raw.query);
  const mediaTypes = mediaTypesOf(declaration);
  const bytes = body ? await readBytes(request, mediaTypes, mayBeAbsent(body)) : new Uint8Array();
  const given = body && (mediaTypes.includes(FORM) ? parseForm(bytes) : bodyOf(body, bytes));
  const sent = body && (await judging(env, () => decode(body, given, 'body')));
  return { input: { params: path, query: asked, body: sent } as Input<P, Q, B>, bytes };
}

/** The caller's own reseller, which is what a dialect of realm `token` is about. Refuses `realm_missing`. */
export function realmOf({ actor }: CallerContext): string {
  return actor.reseller ?? refuse({ kind: 'realm_missing' });
}

/** What a route's body may be sent as. */
export function mediaTypesOf({ method, mediaTypes }: Pick<RouteFacts, 'method' | 'mediaTypes'>): readonly string[] {
  return mediaTypes ?? MEDIA_TYPES[method];
}

/** Whether a request may come without a body. */
export function mayBeAbsent(body: v.GenericSchema): boolean {
  return body.type === 'optional';
}

function bodyOf(body: v.GenericSchema, bytes: Uint8Array): unknown {
  return bytes.byteLength === 0 && mayBeAbsent(body) ? undefined : parseJson(bytes);
}

/** The reply parsed by its own schema, so that an undeclared field never leaves. */
export function encodeReply<R extends v.GenericSchema | undefined, Result>(
  {
    returns: [usual, schema],
    status,
    present,
  }: Pick<Declaration<unknown, unknown, unknown, R, Result>, 'returns' | 'status' | 'present'>,
  result: Result,
  nowMs: number,
): Encoded {
  const text = schema === undefined ? null : JSON.stringify(v.parse(schema, present(result, nowMs)));
  return { status: status?.(result) ?? usual, text };
}
