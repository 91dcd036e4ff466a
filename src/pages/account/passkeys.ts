import * as v from 'valibot';
import { newPasskeyChallenge, readPasskeyChallenge } from '../../auth/passkeys/challenge.ts';
import { checkRegistration, RegistrationResponse, registrationOptions } from '../../auth/passkeys/index.ts';
import { addPasskey, preparePasskeyRegistration } from '../../domain/factors/add-passkey.ts';
import { json } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { refuse } from '../../model/failure.ts';
import { text } from '../../model/fields.ts';
import { PASSKEY_NAME_MAX_CHARS } from '../../model/limits/index.ts';
import { answerScript, readBody } from '../sign-in/script.ts';
import { callOf, committed, freshlySignedIn } from './caller.ts';

const Body = v.object({ credential: RegistrationResponse, name: v.pipe(text(0, PASSKEY_NAME_MAX_CHARS), v.trim()) });

/** `POST /account/passkeys/options`: what the browser has an authenticator make. */
export function newPasskeyOptions(context: RequestContext): Promise<Response> {
  return answerScript(context, async () => {
    const signedIn = await freshlySignedIn(context);
    if (signedIn === null) return null;
    const { env, now } = context;
    const owner = await preparePasskeyRegistration(callOf(context, signedIn));
    const challenge = await newPasskeyChallenge(env, signedIn.session.id, now);
    return json(registrationOptions({ env, challenge, ...owner }));
  });
}

/** `POST /account/passkeys`: keeps what was made. */
export function keepPasskey(context: RequestContext): Promise<Response> {
  return answerScript(context, async () => {
    const signedIn = await freshlySignedIn(context);
    if (signedIn === null) return null;
    const { env, now } = context;
    const { credential, name } = await readBody(context, Body);
    const of = { sessionId: signedIn.session.id, now };
    const challenge = await readPasskeyChallenge(env, credential.response.clientDataJSON, of);
    const passkey = challenge === null ? null : await checkRegistration(credential, { env, challenge });
    if (passkey === null) refuse({ kind: 'sign_in_failed' });
    const call = callOf(context, signedIn);
    await addPasskey(call, { ...passkey, name: name || 'Passkey' });
    committed(context, call);
    return json({ location: '/account?done=passkeyAdded' });
  });
}
