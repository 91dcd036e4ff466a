import type { CallerContext } from '../db/sql/caller-context.ts';
import { openDb } from '../db/sql/open.ts';
import type { Env } from '../env.ts';
import type { RequestOrigin } from '../model/events/audit.ts';
import { REQUEST_ID_MAX_CHARS } from '../model/limits/index.ts';
import type { Actor } from '../model/sessions/actor.ts';
import type { Budget } from '../model/usage/budgets.ts';
import { originOf } from './callers/origin.ts';
import type { Rate } from './rate-limits/policies.ts';

/** What a request leaves to be done in the background: event ids to relay, tasks to run, e-mails to send. */
export type FollowUp = Pick<CallerContext, 'eventIds' | 'tasks'> &
  Partial<Pick<CallerContext, 'emailIds'>> & { readonly mail?: Promise<string> };

/** What the log and the metrics say of a request; filled in on its way. */
export type Observed = {
  /** The pattern of its address, or of all where nothing is. */
  route: string;
  dialect: string | null;
  caller: Actor | null;
  /** The tenant's budget that it was refused for. */
  budget: Budget | null;
};

/** What an answer discloses beside its content; nothing before a declared route is found. */
export type Exposure = {
  /** Whether it has a bookmark, which can tell whether rows were read, and so whether a person is known. */
  bookmark: boolean;
  /** Whether scripts of the configured origins may read it. */
  readableByOrigins: boolean;
};

/** One request on its way through the Worker. */
export type RequestContext = {
  readonly env: Env;
  readonly request: Request;
  readonly url: URL;
  readonly db: D1DatabaseSession;
  readonly requestId: string;
  /** What it was counted under, in this order. */
  readonly rates: Rate[];
  readonly origin: RequestOrigin;
  /** Milliseconds since the epoch, the same for the whole request. */
  readonly now: number;
  /** The same clock while the request goes on. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly observed: Observed;
  readonly exposure: Exposure;
  /** Told what the request committed that is to go on in the background. */
  readonly committed: (work: FollowUp) => void;
  /** Has work come to its end even where the caller hangs up. */
  readonly outlive: (work: Promise<unknown>) => void;
};

const SANE_ID = new RegExp(`^[\\w.:-]{1,${REQUEST_ID_MAX_CHARS}}$`);

/** What a request needs on its way; `X-Request-Id` is the caller's where that is a plain word. */
export function openRequestContext(
  env: Env,
  request: Request,
  given: Pick<RequestContext, 'now' | 'clock' | 'newId' | 'committed' | 'outlive'>,
): RequestContext {
  const requestId = request.headers.get('X-Request-Id');
  return {
    ...given,
    env,
    request,
    url: new URL(request.url),
    observed: { route: '/*', dialect: null, caller: null, budget: null },
    exposure: { bookmark: false, readableByOrigins: false },
    // A write starts from the newest state, or it would be refused for having read an old one.
    db: openDb(env.database, request.method === 'GET' ? request.headers.get('X-D1-Bookmark') : null),
    rates: [],
    requestId: requestId !== null && SANE_ID.test(requestId) ? requestId : given.newId(),
    origin: originOf(request),
  };
}

/** The request's address as callers are told it, whatever host they came by. */
export function publicAddress({ env, url }: RequestContext): URL {
  return new URL(`${env.publicUrl}${url.pathname}${url.search}`);
}
