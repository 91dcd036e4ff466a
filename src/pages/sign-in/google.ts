import type { AnonymousContext } from '../../domain/sign-in/anonymous-context.ts';
import { goOutside, type OutsideProvider, passOutside, takeSent } from '../../domain/sign-in/external-sign-in.ts';
import { openAnonymousContext } from '../../http/callers/anonymous-context.ts';
import { flowIdIn, openProvider } from '../../http/provider.ts';
import { json, notFound } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Dialect } from '../../http/routes/dialect.ts';
import { type Failure, Refusal } from '../../model/failure.ts';
import { seeOther } from '../redirect.ts';
import { answerStep } from './answer-step.ts';
import { busyPage, overPage, providerPage } from './message.ts';
import { type FlowVisit, flowVisit, plainVisit, waitSeconds } from './visit.ts';

/** `GET /sign-in/google`: goes on with a sign-in (`flow`) at the outside provider. */
export function goToProvider(context: RequestContext): Promise<Response> {
  const flowId = context.url.searchParams.get('flow') ?? '';
  return atProvider(context, flowId, {
    perform: async ({ flow }, anonymous, provider) => seeOther(await goOutside(anonymous, provider, flow)),
    failed: (visit, failure) => providerPage(visit, nameOf(context), failure),
  });
}

/**
 * `GET /sign-in/google/callback`: where the provider sends the browser back to. A sign-in that is to lead to tokens, rather
 * than to a page, fails in the words of the dialect where it began.
 */
export function returnFromProvider(context: RequestContext, toWire: Dialect['toWire']): Promise<Response> {
  const state = context.url.searchParams.get('state') ?? '';
  return atProvider(context, flowIdIn(state), {
    perform: async ({ flow }, anonymous, provider) => {
      const secrets = await takeSent(anonymous, flow, state);
      if (secrets === null) return overPage(plainVisit(context));
      const identity = await provider.identify(context.url, secrets);
      return answerStep(context, flow, await passOutside(anonymous, flow, identity));
    },
    failed: async (visit, failure) => {
      if (visit.flow.goal.kind === 'page') return providerPage(visit, nameOf(context), failure);
      const { status, body } = toWire(failure, context.now);
      return json(body, status);
    },
  });
}

const nameOf = ({ env }: RequestContext) => env.oidcProvider?.name ?? '';

type Work = {
  readonly perform: (visit: FlowVisit, anonymous: AnonymousContext, provider: OutsideProvider) => Promise<Response>;
  readonly failed: (visit: FlowVisit, failure: Failure) => Promise<Response>;
};

async function atProvider(context: RequestContext, flowId: string, { perform, failed }: Work): Promise<Response> {
  if (context.env.oidcProvider === null) return notFound();
  const wait = await waitSeconds(context);
  if (wait !== null) return busyPage(plainVisit(context), wait);
  const visit = await flowVisit(context, flowId);
  if (visit === null) return overPage(plainVisit(context));
  const anonymous = openAnonymousContext(context);
  try {
    return await perform(visit, anonymous, openProvider(context));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failed(visit, error.failure);
  } finally {
    context.committed({ eventIds: anonymous.eventIds, emailIds: anonymous.emailIds, tasks: [] });
  }
}
