import * as v from 'valibot';
import { AssertionResponse, assertionOptions, checkAssertion } from '../../auth/passkeys/index.ts';
import { askPasskey, passPasskey } from '../../domain/sign-in/passkey-sign-in.ts';
import type { Exchange } from '../../http/exchange.ts';
import { json } from '../../http/reply.ts';
import { answerScriptedStep } from './answer-step.ts';
import { answerScript, readBody } from './script.ts';
import { flowVisit } from './visit.ts';

const Body = v.object({ credential: AssertionResponse });

/** `POST /sign-in/passkey/options`: what the browser asks its authenticators (static/sign-in/passkey.js). */
export function passkeyOptions(exchange: Exchange): Promise<Response> {
  return answerScript(exchange, async (visitor) => {
    const visit = await visitOf(exchange);
    return visit && json(assertionOptions({ env: exchange.env, ...(await askPasskey(visitor, visit.flow)) }));
  });
}

/** `POST /sign-in/passkey`: what they said; answers where the browser goes from there, or with what it gets. */
export function signInByPasskey(exchange: Exchange): Promise<Response> {
  return answerScript(exchange, async (visitor) => {
    const visit = await visitOf(exchange);
    if (visit === null) return null;
    const { env } = exchange;
    const { credential: response } = await readBody(exchange, Body);
    const step = await passPasskey(visitor, visit.flow, {
      id: response.id,
      judge: (credential, asked) => checkAssertion(response, { env, credential, ...asked }),
    });
    return answerScriptedStep(exchange, visit.flow, step);
  });
}

const visitOf = (exchange: Exchange) => flowVisit(exchange, exchange.url.searchParams.get('flow') ?? '');
