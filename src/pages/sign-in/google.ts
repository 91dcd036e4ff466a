import {
  completeExternalSignIn,
  createProviderRedirect,
  takeProviderSecrets,
} from '../../domain/sign-in/external-sign-in.ts';
import { flowIdIn, openProvider } from '../../http/provider.ts';
import { jsonResponse, notFound } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Dialect } from '../../http/routes/dialect.ts';
import type { Failure } from '../../model/failure.ts';
import { seeOther } from '../redirect.ts';
import { answerForm, type Gate } from '../visit.ts';
import { answerStep } from './answer-step.ts';
import { flowEndedPage, providerPage } from './message.ts';
import { type FlowVisit, flowVisitOrEndedPage, plainVisit, signInRateLimitGate } from './visit.ts';

const withProvider: Gate = ({ env }) => (env.oidcProvider === null ? notFound() : null);
const GATES = [withProvider, signInRateLimitGate()];

export function goToProvider(context: RequestContext): Promise<Response> {
  return answerForm<FlowVisit>(context, {
    gates: GATES,
    visit: () => flowVisitOrEndedPage(context, context.url.searchParams.get('flow') ?? ''),
    perform: async ({ flow, anonymous }) =>
      seeOther(await createProviderRedirect(anonymous, openProvider(context), flow)),
    onRefusal: (failure, visit) => failedPage(context, visit, failure),
  });
}

/** A sign-in that leads to tokens fails in its dialect's format. */
export function returnFromProvider(context: RequestContext, toWire: Dialect['toWire']): Promise<Response> {
  const state = context.url.searchParams.get('state') ?? '';
  return answerForm<FlowVisit>(context, {
    gates: GATES,
    visit: () => flowVisitOrEndedPage(context, flowIdIn(state)),
    perform: async ({ flow, anonymous }) => {
      const secrets = await takeProviderSecrets(anonymous, flow, state);
      if (secrets === null) return flowEndedPage(plainVisit(context));
      const identity = await openProvider(context).identify(context.url, secrets);
      return answerStep(context, flow, await completeExternalSignIn(anonymous, flow, identity));
    },
    onRefusal: (failure, visit) => {
      if (visit.flow.goal.kind === 'page') return failedPage(context, visit, failure);
      const { status, body } = toWire(failure, context.now);
      return jsonResponse(body, status);
    },
  });
}

const failedPage = ({ env }: RequestContext, visit: FlowVisit, failure: Failure) =>
  providerPage(visit, env.oidcProvider?.name ?? '', failure);
