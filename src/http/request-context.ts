import type { CallerContext } from '../db/sql/caller-context.ts';
import { openDb } from '../db/sql/open.ts';
import type { Env } from '../env.ts';
import type { RequestOrigin } from '../model/events/audit.ts';
import { REQUEST_ID_MAX_CHARS } from '../model/limits/index.ts';
import type { Actor } from '../model/sessions/actor.ts';
import type { Budget } from '../model/usage/budgets.ts';
import { originOf } from './callers/origin.ts';
import type { Rate } from './rate-limits/policies.ts';

export type FollowUp = Pick<CallerContext, 'eventIds' | 'tasks'> &
  Partial<Pick<CallerContext, 'emailIds'>> & { readonly mail?: Promise<string> };

export type RequestObservation = {
  /** A pattern, never an address. */
  route: string;
  dialect: string | null;
  caller: Actor | null;
  budget: Budget | null;
};

/** Response headers that disclose state; off until a declared route is found. */
export type Exposure = {
  /** A bookmark tells whether rows were read, and so whether a user exists. */
  bookmark: boolean;
  readableByOrigins: boolean;
};

export type RequestContext = {
  readonly env: Env;
  readonly request: Request;
  readonly url: URL;
  readonly db: D1DatabaseSession;
  readonly requestId: string;
  readonly rates: Rate[];
  readonly origin: RequestOrigin;
  /** Milliseconds since the epoch, fixed for the request. */
  readonly now: number;
  /** Advances during the request. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly observed: RequestObservation;
  readonly exposure: Exposure;
  readonly runAfterCommit: (work: FollowUp) => void;
  /** Runs to its end even if the caller disconnects. */
  readonly waitUntil: (work: Promise<unknown>) => void;
};

const SANE_ID = new RegExp(`^[\\w.:-]{1,${REQUEST_ID_MAX_CHARS}}$`);

export function openRequestContext(
  env: Env,
  request: Request,
  runtime: Pick<RequestContext, 'now' | 'clock' | 'newId' | 'runAfterCommit' | 'waitUntil'>,
): RequestContext {
  const requestId = request.headers.get('X-Request-Id');
  return {
    ...runtime,
    env,
    request,
    url: new URL(request.url),
    observed: { route: '/*', dialect: null, caller: null, budget: null },
    exposure: { bookmark: false, readableByOrigins: false },
    // Writes start from the newest state; an old one would be refused.
    db: openDb(env.database, request.method === 'GET' ? request.headers.get('X-D1-Bookmark') : null),
    rates: [],
    requestId: requestId !== null && SANE_ID.test(requestId) ? requestId : runtime.newId(),
    origin: originOf(request),
  };
}

/** By the configured host, not the one that the request names. */
export function publicAddress({ env, url }: RequestContext): URL {
  return new URL(`${env.publicUrl}${url.pathname}${url.search}`);
}
