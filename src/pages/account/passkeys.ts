import * as v from 'valibot';
import { newPasskeyChallenge, readPasskeyChallenge } from '../../auth/passkeys/challenge.ts';
import { checkRegistration, RegistrationResponse, registrationOptions } from '../../auth/passkeys/index.ts';
import { addPasskey, passkeyOwner } from '../../domain/factors/add-passkey.ts';
import type { Exchange } from '../../http/exchange.ts';
import { json } from '../../http/reply.ts';
import { refuse } from '../../model/failure.ts';
import { text } from '../../model/fields.ts';
import { PASSKEY_NAME_MAX_CHARS } from '../../model/limits/index.ts';
import { answerScript, readBody } from '../sign-in/script.ts';
import { callOf, committed, freshlySignedIn } from './caller.ts';

const Body = v.object({ credential: RegistrationResponse, name: v.pipe(text(0, PASSKEY_NAME_MAX_CHARS), v.trim()) });

/** `POST /account/passkeys/options`: what the browser has an authenticator make. */
export function newPasskeyOptions(exchange: Exchange): Promise<Response> {
  return answerScript(exchange, async () => {
    const signedIn = await freshlySignedIn(exchange);
    if (signedIn === null) return null;
    const { env, now } = exchange;
    const owner = await passkeyOwner(callOf(exchange, signedIn));
    const challenge = await newPasskeyChallenge(env, signedIn.session.id, now);
    return json(registrationOptions({ env, challenge, ...owner }));
  });
}

/** `POST /account/passkeys`: keeps what was made. */
export function keepPasskey(exchange: Exchange): Promise<Response> {
  return answerScript(exchange, async () => {
    const signedIn = await freshlySignedIn(exchange);
    if (signedIn === null) return null;
    const { env, now } = exchange;
    const { credential, name } = await readBody(exchange, Body);
    const of = { sessionId: signedIn.session.id, now };
    const challenge = await readPasskeyChallenge(env, credential.response.clientDataJSON, of);
    const passkey = challenge === null ? null : await checkRegistration(credential, { env, challenge });
    if (passkey === null) refuse({ kind: 'sign_in_failed' });
    const call = callOf(exchange, signedIn);
    await addPasskey(call, { ...passkey, name: name || 'Passkey' });
    committed(exchange, call);
    return json({ location: '/account?done=passkeyAdded' });
  });
}
