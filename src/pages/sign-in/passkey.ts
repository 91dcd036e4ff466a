import * as v from 'valibot';
import { AssertionResponse, assertionOptions, checkAssertion } from '../../auth/passkeys/index.ts';
import { createPasskeyChallenge, submitPasskey } from '../../domain/sign-in/passkey-sign-in.ts';
import { json } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { answerScriptedStep } from './answer-step.ts';
import { answerScript, readBody } from './script.ts';
import { flowVisit } from './visit.ts';

const Body = v.object({ credential: AssertionResponse });

/** `POST /sign-in/passkey/options`: what the browser asks its authenticators (static/sign-in/passkey.js). */
export function passkeyOptions(context: RequestContext): Promise<Response> {
  return answerScript(context, async (anonymous) => {
    const visit = await visitOf(context);
    return (
      visit && json(assertionOptions({ env: context.env, ...(await createPasskeyChallenge(anonymous, visit.flow)) }))
    );
  });
}

/** `POST /sign-in/passkey`: what they said; answers where the browser goes from there, or with what it gets. */
export function signInByPasskey(context: RequestContext): Promise<Response> {
  return answerScript(context, async (anonymous) => {
    const visit = await visitOf(context);
    if (visit === null) return null;
    const { env } = context;
    const { credential: response } = await readBody(context, Body);
    const step = await submitPasskey(anonymous, visit.flow, {
      id: response.id,
      verify: (credential, asked) => checkAssertion(response, { env, credential, ...asked }),
    });
    return answerScriptedStep(context, visit.flow, step);
  });
}

const visitOf = (context: RequestContext) => flowVisit(context, context.url.searchParams.get('flow') ?? '');
