import type * as v from 'valibot';
import type { AnonymousContext } from '../../domain/sign-in/anonymous-context.ts';
import { parseJson, readBytes } from '../../http/body.ts';
import { openAnonymousContext } from '../../http/callers/anonymous-context.ts';
import { isOwnForm } from '../../http/callers/browser.ts';
import { json } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { decode } from '../../http/routes/decode.ts';
import { type Failure, Refusal } from '../../model/failure.ts';
import { waitSeconds } from './visit.ts';

/**
 * Answers a script of a page of ours, not too often. `work` gives null where what it is about is over. The script tells
 * people what went wrong by the status alone, and so the bodies say little.
 */
export async function answerScript(
  context: RequestContext,
  work: (anonymous: AnonymousContext) => Promise<Response | null>,
): Promise<Response> {
  if (!isOwnForm(context)) return error(403, 'FORBIDDEN');
  const wait = await waitSeconds(context);
  if (wait !== null) return busy(wait);
  const anonymous = openAnonymousContext(context);
  try {
    return (await work(anonymous)) ?? error(404, 'NOT_FOUND');
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return refused(problem.failure);
  } finally {
    context.committed({ eventIds: anonymous.eventIds, emailIds: anonymous.emailIds, tasks: [] });
  }
}

/** The JSON that a script sends. Refuses `invalid`, `not_json`, `media_type`, `too_large`. */
export async function readBody<S extends v.GenericSchema>(
  { request }: RequestContext,
  schema: S,
): Promise<v.InferOutput<S>> {
  return decode(schema, parseJson(await readBytes(request, ['application/json'], false)), 'body');
}

function refused(failure: Failure): Response {
  if (failure.kind === 'rate_limited') return busy(failure.retryAfterSeconds);
  return error(400, failure.kind.toUpperCase());
}

function busy(seconds: number): Response {
  return json({ code: 'RATE_LIMIT_EXCEEDED' }, 429, { 'Retry-After': String(seconds) });
}

function error(status: number, code: string): Response {
  return json({ code }, status);
}
