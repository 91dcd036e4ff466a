import { goOutside, type OutsideProvider, passOutside, takeSent } from '../../domain/sign-in/external-sign-in.ts';
import type { Visitor } from '../../domain/sign-in/visitor.ts';
import { openVisitor } from '../../http/callers/visitor.ts';
import type { Exchange } from '../../http/exchange.ts';
import { flowIdIn, openProvider } from '../../http/provider.ts';
import { json, nowhere } from '../../http/reply.ts';
import type { Dialect } from '../../http/routes/dialect.ts';
import { type Failure, Refusal } from '../../model/failure.ts';
import { seeOther } from '../redirect.ts';
import { answerStep } from './answer-step.ts';
import { busyPage, overPage, providerPage } from './message.ts';
import { type FlowVisit, flowVisit, plainVisit, waitSeconds } from './visit.ts';

/** `GET /sign-in/google`: goes on with a sign-in (`flow`) at the outside provider. */
export function goToProvider(exchange: Exchange): Promise<Response> {
  const flowId = exchange.url.searchParams.get('flow') ?? '';
  return atProvider(exchange, flowId, {
    perform: async ({ flow }, visitor, provider) => seeOther(await goOutside(visitor, provider, flow)),
    failed: (visit, failure) => providerPage(visit, nameOf(exchange), failure),
  });
}

/**
 * `GET /sign-in/google/callback`: where the provider sends the browser back to. A sign-in that is to lead to tokens, rather
 * than to a page, fails in the words of the dialect where it began.
 */
export function returnFromProvider(exchange: Exchange, { toWire }: Pick<Dialect, 'toWire'>): Promise<Response> {
  const state = exchange.url.searchParams.get('state') ?? '';
  return atProvider(exchange, flowIdIn(state), {
    perform: async ({ flow }, visitor, provider) => {
      const secrets = await takeSent(visitor, flow, state);
      if (secrets === null) return overPage(plainVisit(exchange));
      const identity = await provider.identify(exchange.url, secrets);
      return answerStep(exchange, flow, await passOutside(visitor, flow, identity));
    },
    failed: async (visit, failure) => {
      if (visit.flow.goal.kind === 'page') return providerPage(visit, nameOf(exchange), failure);
      const { status, body } = toWire(failure, exchange.now);
      return json(body, status);
    },
  });
}

const nameOf = ({ env }: Exchange) => env.oidcProvider?.name ?? '';

type Work = {
  readonly perform: (visit: FlowVisit, visitor: Visitor, provider: OutsideProvider) => Promise<Response>;
  readonly failed: (visit: FlowVisit, failure: Failure) => Promise<Response>;
};

async function atProvider(exchange: Exchange, flowId: string, { perform, failed }: Work): Promise<Response> {
  if (exchange.env.oidcProvider === null) return nowhere();
  const wait = await waitSeconds(exchange);
  if (wait !== null) return busyPage(plainVisit(exchange), wait);
  const visit = await flowVisit(exchange, flowId);
  if (visit === null) return overPage(plainVisit(exchange));
  const visitor = openVisitor(exchange);
  try {
    return await perform(visit, visitor, openProvider(exchange));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failed(visit, error.failure);
  } finally {
    exchange.committed({ raised: visitor.raised, mails: visitor.mails, wakes: [] });
  }
}
