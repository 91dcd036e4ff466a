import type * as v from 'valibot';
import type { Visitor } from '../../domain/sign-in/visitor.ts';
import { parseJson, readBytes } from '../../http/body.ts';
import { isOwnForm } from '../../http/callers/browser.ts';
import { openVisitor } from '../../http/callers/visitor.ts';
import type { Exchange } from '../../http/exchange.ts';
import { json } from '../../http/reply.ts';
import { decode } from '../../http/routes/decode.ts';
import { type Failure, Refusal } from '../../model/failure.ts';
import { waitSeconds } from './visit.ts';

/**
 * Answers a script of a page of ours, not too often. `work` gives null where what it is about is over. The script tells
 * people what went wrong by the status alone, and so the bodies say little.
 */
export async function answerScript(
  exchange: Exchange,
  work: (visitor: Visitor) => Promise<Response | null>,
): Promise<Response> {
  if (!isOwnForm(exchange)) return error(403, 'FORBIDDEN');
  const wait = await waitSeconds(exchange);
  if (wait !== null) return busy(wait);
  const visitor = openVisitor(exchange);
  try {
    return (await work(visitor)) ?? error(404, 'NOT_FOUND');
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return refused(problem.failure);
  } finally {
    exchange.committed({ raised: visitor.raised, mails: visitor.mails, wakes: [] });
  }
}

/** The JSON that a script sends. Refuses `invalid`, `not_json`, `media_type`, `too_large`. */
export async function readBody<S extends v.GenericSchema>({ request }: Exchange, schema: S): Promise<v.InferOutput<S>> {
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
