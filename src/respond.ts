import { allowOrigin } from './http/cors.ts';
import { record } from './http/metrics/record.ts';
import { rateFields } from './http/rate-limits/fields.ts';
import { ADDRESS } from './http/rate-limits/policies.ts';
import { limitNetwork } from './http/rate-limits/rate-limit.ts';
import { finish, json } from './http/reply.ts';
import type { RequestContext } from './http/request-context.ts';
import { exceededBudget, Refusal } from './model/failure.ts';
import { logFault } from './model/log.ts';
import { dialectAt, mounted } from './mounted.ts';
import { busy } from './pages/busy.ts';
import { router } from './routes.ts';

/** Below these addresses a bookmark could tell whether something was read or written, and so whether somebody is known. */
const DISCREET = [
  '/activate/',
  '/invitation/',
  '/subscribe/',
  '/unsubscribe/',
  '/sign-in',
  '/account',
  '/oauth/authorize',
  '/oauth/consent',
  '/v3/accounts/',
  '/reseller/token',
  '/token',
];

/** What is no dialect's; a dialect counts by itself, so as to refuse in its own words. */
async function answerPage(context: RequestContext): Promise<Response> {
  try {
    await limitNetwork(context, ADDRESS);
    return await router.fetch(context.request, context);
  } catch (error) {
    if (!(error instanceof Refusal && error.failure.kind === 'rate_limited')) throw error;
    context.observed.budget = exceededBudget(error.failure);
    return busy(context, error.failure.retryAfterSeconds);
  }
}

/** What scripts of other origins may use: the API, and what it takes to sign in to it, but nothing that goes by cookies. */
const SHARED = [
  ...mounted.map(({ prefix }) => prefix),
  '/.well-known/',
  '/oauth/token/',
  '/oauth/revoke/',
  '/oauth/userinfo/',
  '/token/',
];

/** The answer to any request. */
export async function respond(context: RequestContext): Promise<Response> {
  const dialect = dialectAt(context.url);
  const answer = dialect?.answer(context) ?? answerPage(context);
  const response = await answer.catch((error: unknown) => {
    logFault(context.request.method, error, context.requestId);
    return json(
      { message: `Something went wrong on our side (request ${context.requestId}).`, code: 'INTERNAL_ERROR' },
      500,
    );
  });
  const { pathname } = context.url;
  const discreet = DISCREET.some((path) => pathname.startsWith(path));
  for (const [name, value] of Object.entries(rateFields(context))) response.headers.set(name, value);
  const { requestId, env, db } = context;
  finish(response, { requestId, bookmark: discreet ? null : db.getBookmark(), https: env.httpsOnly });
  if (SHARED.some((prefix) => `${pathname}/`.startsWith(prefix))) allowOrigin(context, response);
  record(context, response.status);
  return response;
}
