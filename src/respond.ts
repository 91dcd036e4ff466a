import { allowOrigin } from './http/cors.ts';
import type { Exchange } from './http/exchange.ts';
import { record } from './http/metrics/record.ts';
import { rateFields } from './http/rate-limits/fields.ts';
import { ADDRESS } from './http/rate-limits/policies.ts';
import { limitNetwork } from './http/rate-limits/rate-limit.ts';
import { finish, json } from './http/reply.ts';
import { budgetOf, Refusal } from './model/failure.ts';
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
async function answerPage(exchange: Exchange): Promise<Response> {
  try {
    await limitNetwork(exchange, ADDRESS);
    return await router.fetch(exchange.request, exchange);
  } catch (error) {
    if (!(error instanceof Refusal && error.failure.kind === 'rate_limited')) throw error;
    exchange.observed.budget = budgetOf(error.failure);
    return busy(exchange, error.failure.retryAfterSeconds);
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
export async function respond(exchange: Exchange): Promise<Response> {
  const dialect = dialectAt(exchange.url);
  const answer = dialect?.answer(exchange) ?? answerPage(exchange);
  const response = await answer.catch((error: unknown) => {
    logFault(exchange.request.method, error, exchange.requestId);
    return json(
      { message: `Something went wrong on our side (request ${exchange.requestId}).`, code: 'INTERNAL_ERROR' },
      500,
    );
  });
  const { pathname } = exchange.url;
  const discreet = DISCREET.some((path) => pathname.startsWith(path));
  for (const [name, value] of Object.entries(rateFields(exchange))) response.headers.set(name, value);
  const { requestId, env, session } = exchange;
  finish(response, { requestId, bookmark: discreet ? null : session.getBookmark(), https: env.httpsOnly });
  if (SHARED.some((prefix) => `${pathname}/`.startsWith(prefix))) allowOrigin(exchange, response);
  record(exchange, response.status);
  return response;
}
