import { type IRequest, Router } from 'itty-router';
import { isLoopback } from '../../model/address.ts';
import { exceededBudget, Refusal } from '../../model/failure.ts';
import { methodNotAllowed } from '../failure-message.ts';
import { ADDRESS } from '../rate-limits/policies.ts';
import { limitNetwork } from '../rate-limits/rate-limit.ts';
import { jsonResponse, notFound, withoutBody } from '../reply.ts';
import type { RequestContext } from '../request-context.ts';
import type { Method } from './route.ts';

export type EndpointHandler = (context: RequestContext) => Response | Promise<Response>;
export type RateLimitResponder = (retryAfterSeconds: number, context: RequestContext) => Response | Promise<Response>;

export type Endpoint = {
  readonly path: string;
  readonly answers: Readonly<Partial<Record<Method, EndpointHandler>>>;
  /** A GET with an effect refuses HEAD. */
  readonly noHead?: true;
  /** By CORS; never where cookies are the credential. */
  readonly readableByOrigins?: true;
  readonly tooManyRequests?: RateLimitResponder;
  readonly development?: true;
};

export function mountEndpoints(
  endpoints: readonly Endpoint[],
  tooManyRequests: RateLimitResponder,
): (context: RequestContext) => Promise<Response> {
  const router = Router<IRequest, [RequestContext], Response>();
  for (const endpoint of endpoints) {
    const { path, readableByOrigins, development } = endpoint;
    const answer = methodHandler(endpoint);
    router.all(path, (_, context) => {
      if (development && !isDeveloper(context)) return limited(context, notFound, tooManyRequests);
      context.observed.route = path;
      context.exposure.readableByOrigins = readableByOrigins === true;
      return limited(context, answer, endpoint.tooManyRequests ?? tooManyRequests);
    });
  }
  router.all('*', (_, context) => limited(context, notFound, tooManyRequests));
  return (context) => router.fetch(context.request, context);
}

async function limited(
  context: RequestContext,
  answer: EndpointHandler,
  tooManyRequests: RateLimitResponder,
): Promise<Response> {
  try {
    await limitNetwork(context, ADDRESS);
    return await answer(context);
  } catch (error) {
    if (!(error instanceof Refusal && error.failure.kind === 'rate_limited')) throw error;
    context.observed.budget = exceededBudget(error.failure);
    return tooManyRequests(error.failure.retryAfterSeconds, context);
  }
}

function methodHandler({ answers, noHead }: Endpoint): EndpointHandler {
  const byMethod = new Map<string, EndpointHandler>(Object.entries(answers));
  const { GET } = answers;
  if (GET && !noHead) byMethod.set('HEAD', async (context) => withoutBody(await GET(context)));
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => byMethod.has(method));
  const allow = [...methods, 'OPTIONS'];
  return (context) => {
    const { request } = context;
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: allow.join(', ') } });
    return byMethod.get(request.method)?.(context) ?? notAllowed(allow, request.method);
  };
}

function notAllowed(allow: readonly string[], method: string): Response {
  const body = { message: methodNotAllowed(allow), code: 'METHOD_NOT_ALLOWED' };
  const response = jsonResponse(body, 405, { Allow: allow.join(', ') });
  return method === 'HEAD' ? withoutBody(response) : response;
}

/** Another host name would let a foreign page read it (DNS rebinding). */
function isDeveloper({ env, url, request }: RequestContext): boolean {
  return env.development && isLoopback(url.hostname) && request.method === 'GET';
}
