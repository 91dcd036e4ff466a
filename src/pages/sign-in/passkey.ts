import * as v from 'valibot';
import { AssertionResponse, assertionOptions, checkAssertion } from '../../auth/passkeys/index.ts';
import { createPasskeyChallenge, submitPasskey } from '../../domain/sign-in/passkey-sign-in.ts';
import { jsonResponse } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { answerForm } from '../visit.ts';
import { answerScriptedStep } from './answer-step.ts';
import { orNotFound, readBody, SCRIPT } from './script.ts';
import { type FlowVisit, flowVisit } from './visit.ts';

const PasskeySignInBody = v.object({ credential: AssertionResponse });

const FLOW_SCRIPT = {
  ...SCRIPT,
  visit: async (context: RequestContext) =>
    orNotFound(await flowVisit(context, context.url.searchParams.get('flow') ?? '')),
};

export function passkeyOptions(context: RequestContext): Promise<Response> {
  return answerForm<FlowVisit>(context, {
    ...FLOW_SCRIPT,
    perform: async ({ anonymous, flow }) =>
      jsonResponse(assertionOptions({ env: context.env, ...(await createPasskeyChallenge(anonymous, flow)) })),
  });
}

export function signInByPasskey(context: RequestContext): Promise<Response> {
  return answerForm<FlowVisit>(context, {
    ...FLOW_SCRIPT,
    perform: async ({ anonymous, flow }) => {
      const { env } = context;
      const { credential: response } = await readBody(context, PasskeySignInBody);
      const step = await submitPasskey(anonymous, flow, {
        id: response.id,
        verify: (credential, expected) => checkAssertion(response, { env, credential, ...expected }),
      });
      return answerScriptedStep(context, flow, step);
    },
  });
}
