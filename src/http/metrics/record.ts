import { writeRequestCounts } from '../../db/jobs/request-metrics.ts';
import type { Env } from '../../env.ts';
import { REQUEST_COUNTS_FLUSH_MS } from '../../model/limits/index.ts';
import { log, logFault } from '../../model/log.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import { countRequest, newRequestCounts, type RequestCounts } from '../../model/usage/request-counts.ts';
import type { RequestContext } from '../request-context.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const countsByEnv = new WeakMap<Env, RequestCounts>();

export function requestCountsOf(env: Env, nowMs: number): RequestCounts {
  const known = countsByEnv.get(env);
  if (known !== undefined) return known;
  const fresh = newRequestCounts(nowMs);
  countsByEnv.set(env, fresh);
  return fresh;
}

/** Records nothing that a caller chooses freely. The Worker's clock stands still during computation. */
export function recordRequest(context: RequestContext, status: number): void {
  const { env, request, requestId, now, clock, observed, waitUntil } = context;
  const { route, dialect, caller, budget } = observed;
  const method = METHODS.has(request.method) ? request.method : 'OTHER';
  const durationMs = Math.max(0, clock() - now);
  const counts = requestCountsOf(env, now);
  countRequest(counts, { route, method, status, durationMs, budget });
  if (now - counts.since >= REQUEST_COUNTS_FLUSH_MS)
    waitUntil(writeRequestCounts(env.database, counts, now).catch((error) => logFault('metrics', error)));
  const fields = { requestId, method, route, status, durationMs, dialect, ...callerIn(caller), colo: coloOf(request) };
  const line = { ...fields, budget: budget ?? undefined };
  log(env.logLevel, 'info', 'request', line);
}

/** Other names are personal data or free text. */
function callerIn(caller: Actor | null) {
  if (caller === null) return {};
  const { kind, subject, reseller } = caller;
  return { caller: kind, client: kind === 'client' || kind === 'key' ? subject : undefined, reseller };
}

function coloOf({ cf }: Request): string | undefined {
  return typeof cf?.['colo'] === 'string' ? cf['colo'] : undefined;
}
