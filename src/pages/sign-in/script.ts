import type * as v from 'valibot';
import { parseJson, readBytes } from '../../http/body.ts';
import { isSameOriginForm } from '../../http/callers/browser.ts';
import { jsonResponse } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { decode } from '../../http/routes/decode.ts';
import type { Failure } from '../../model/failure.ts';
import type { Gate } from '../visit.ts';
import { rateLimitGate } from './visit.ts';

const ownScript: Gate = (context) => (isSameOriginForm(context) ? null : error(403, 'FORBIDDEN'));

/** Scripts read the status, so the bodies are short. */
export const SCRIPT = { gates: [ownScript, rateLimitGate((_, seconds) => busy(seconds))], onRefusal: refused };

export const orNotFound = <Visit>(visit: Visit | null): Visit | Response => visit ?? error(404, 'NOT_FOUND');

/** Refuses `invalid`, `not_json`, `media_type`, `too_large`. */
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
  return jsonResponse({ code: 'RATE_LIMIT_EXCEEDED' }, 429, { 'Retry-After': String(seconds) });
}

function error(status: number, code: string): Response {
  return jsonResponse({ code }, status);
}
