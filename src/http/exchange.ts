import { openSession } from '../db/open.ts';
import type { Env } from '../env.ts';
import { REQUEST_ID_MAX_CHARS } from '../model/limits.ts';

/** One request on its way through the Worker. */
export type Exchange = {
  readonly env: Env;
  readonly request: Request;
  readonly url: URL;
  readonly session: D1DatabaseSession;
  readonly requestId: string;
  /** Milliseconds since the epoch, the same for the whole request. */
  readonly now: number;
  readonly newId: () => string;
  /** Told the ids of the events that the request committed. */
  readonly committed: (eventIds: readonly string[]) => void;
};

const SANE_ID = new RegExp(`^[\\w.:-]{1,${REQUEST_ID_MAX_CHARS}}$`);

/** What a request needs on its way; `X-Request-Id` is the caller's where that is a plain word. */
export function openExchange(
  env: Env,
  request: Request,
  given: Pick<Exchange, 'now' | 'newId' | 'committed'>,
): Exchange {
  const requestId = request.headers.get('X-Request-Id');
  return {
    ...given,
    env,
    request,
    url: new URL(request.url),
    session: openSession(env.database, request.headers.get('X-D1-Bookmark')),
    requestId: requestId !== null && SANE_ID.test(requestId) ? requestId : given.newId(),
  };
}
