import { type IRequest, Router } from 'itty-router';
import { ANYONE } from '../../model/clients/scope.ts';
import { absent, exceededBudget, Refusal, refuse } from '../../model/failure.ts';
import { logFault } from '../../model/log.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import { wwwAuthenticate } from '../callers/bearer.ts';
import { tightestRate } from '../rate-limits/fields.ts';
import { ADDRESS, ANONYMOUS, CREDENTIAL, TENANT, TENANT_WRITES } from '../rate-limits/policies.ts';
import { askLimiters, countAgainstPolicy, countNetwork } from '../rate-limits/rate-limit.ts';
import { jsonResponse, withoutBody } from '../reply.ts';
import type { RequestContext } from '../request-context.ts';
import type { Dialect } from './dialect.ts';
import type { Route } from './route.ts';

export type Mounted = (context: RequestContext) => Promise<Response>;

/** RFC 9110 §9.2.1. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A refusal is raised only by routes that need a caller. */
type Identification = Actor | Refusal;

export function mount(dialect: Dialect): Mounted {
  const router = Router<IRequest, [RequestContext, Identification], Response>({ base: dialect.base });
  const paths = new Map<string, Route[]>();
  for (const route of dialect.routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  for (const [path, routes] of paths)
    router.all(routes.some(({ rest }) => rest) ? `${path}+` : path, pathHandler(routes, dialect.base + path));
  router.all('*', () => refuse(absent('route')));

  return async (context) => {
    const response = await answer(context).catch((error: unknown) => errorResponse(dialect, context, error));
    const rate = tightestRate(context);
    if (rate !== null) {
      for (const [name, value] of Object.entries(dialect.rateHeaders(rate))) response.headers.set(name, value);
    }
    return context.request.method === 'HEAD' ? withoutBody(response) : response;
  };

  async function answer(context: RequestContext): Promise<Response> {
    const { observed } = context;
    observed.dialect = dialect.name;
    observed.route = `${dialect.base}/*`;
    context.exposure.readableByOrigins = true;
    // Counting costs less than checking the credential.
    countNetwork(context, ADDRESS);
    const caller = await identify(dialect, context);
    if (caller instanceof Refusal) countNetwork(context, ANONYMOUS);
    else {
      observed.caller = caller;
      countAgainstPolicy(context, CREDENTIAL, caller.credential);
      countTenant(context, caller);
    }
    await askLimiters(context);
    return router.fetch(context.request, context, caller);
  }
}

function countTenant(context: RequestContext, { reseller }: Actor): void {
  if (reseller === null) return;
  countAgainstPolicy(context, TENANT, reseller);
  if (!READS.has(context.request.method)) countAgainstPolicy(context, TENANT_WRITES, reseller);
}

async function identify(dialect: Dialect, context: RequestContext): Promise<Identification> {
  try {
    const actor = await dialect.authenticate(context);
    if (dialect.realm === 'token' && actor.reseller === null) refuse({ kind: 'realm_missing' });
    return actor;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function pathHandler(routes: readonly Route[], pattern: string) {
  const methods = routes.map((route) => route.method);
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
  return async (
    { params, query, method: requestMethod }: IRequest,
    context: RequestContext,
    caller: Identification,
  ): Promise<Response> => {
    context.observed.route = pattern;
    if (requestMethod === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: allow.join(', ') } });
    const method = requestMethod === 'HEAD' ? 'GET' : requestMethod;
    const route = routes.find((candidate) => candidate.method === method);
    if (route === undefined) refuse({ kind: 'method_not_allowed', allow });
    if (caller instanceof Refusal && route.scope !== ANYONE) throw caller;
    context.exposure.bookmark = route.scope !== ANYONE;
    return route.handle(context, caller instanceof Refusal ? null : caller, { params, query });
  };
}

function errorResponse(
  dialect: Dialect,
  { requestId, request, now, observed }: RequestContext,
  error: unknown,
): Response {
  if (!(error instanceof Refusal)) {
    logFault(`${request.method} ${dialect.base}`, error, requestId);
    return jsonResponse(dialect.faultBody(requestId, now), 500);
  }
  const { failure } = error;
  const { status, body } = dialect.toWire(failure, now);
  const headers: Record<string, string> = {};
  const authenticate = wwwAuthenticate(failure, status);
  if (authenticate !== undefined) headers['WWW-Authenticate'] = authenticate;
  if (failure.kind === 'method_not_allowed') headers['Allow'] = failure.allow.join(', ');
  if (failure.kind === 'rate_limited') {
    headers['Retry-After'] = String(failure.retryAfterSeconds);
    observed.budget = exceededBudget(failure);
  }
  if (failure.kind === 'range_unsatisfiable') headers['Content-Range'] = `bytes */${failure.sizeBytes}`;
  return jsonResponse(body, status, headers);
}
