import { dialectAt } from './dialect-at.ts';
import { allowOrigin } from './http/cors.ts';
import { internalError } from './http/failure-message.ts';
import { recordRequest } from './http/metrics/record.ts';
import { rateFields } from './http/rate-limits/fields.ts';
import { addCommonHeaders, jsonResponse } from './http/reply.ts';
import type { RequestContext } from './http/request-context.ts';
import { mountEndpoints } from './http/routes/endpoint.ts';
import { logFault } from './model/log.ts';
import { tooManyRequests } from './pages/too-many-requests.ts';
import { endpoints } from './routes.ts';

const answerEndpoint = mountEndpoints(endpoints, tooManyRequests);

export async function respond(context: RequestContext): Promise<Response> {
  const { request, url, requestId, env, db, exposure } = context;
  const answer = (dialectAt(url)?.answer ?? answerEndpoint)(context);
  const response = await answer.catch((error: unknown) => {
    logFault(request.method, error, requestId);
    return jsonResponse({ message: internalError(requestId), code: 'INTERNAL_ERROR' }, 500);
  });
  for (const [name, value] of Object.entries(rateFields(context))) response.headers.set(name, value);
  addCommonHeaders(response, {
    requestId,
    bookmark: exposure.bookmark ? db.getBookmark() : null,
    https: env.httpsOnly,
  });
  if (exposure.readableByOrigins) allowOrigin(context, response);
  recordRequest(context, response.status);
  return response;
}
