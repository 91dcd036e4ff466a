import * as v from 'valibot';
import { newPasskeyChallenge, readPasskeyChallenge } from '../../auth/passkeys/challenge.ts';
import { checkRegistration, RegistrationResponse, registrationOptions } from '../../auth/passkeys/index.ts';
import { addPasskey, preparePasskeyRegistration } from '../../domain/factors/add-passkey.ts';
import { isRecentlySignedIn } from '../../domain/factors/recent-sign-in.ts';
import { jsonResponse } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { refuse } from '../../model/failure.ts';
import { text } from '../../model/fields.ts';
import { PASSKEY_NAME_MAX_CHARS } from '../../model/limits/index.ts';
import { orNotFound, readBody, SCRIPT } from '../sign-in/script.ts';
import { answerForm } from '../visit.ts';
import type { AccountVisit } from './view.ts';
import { accountVisit } from './visit.ts';

const NewPasskeyBody = v.object({
  credential: RegistrationResponse,
  name: v.pipe(text(0, PASSKEY_NAME_MAX_CHARS), v.trim()),
});

const ACCOUNT_SCRIPT = {
  ...SCRIPT,
  visit: async (context: RequestContext) => {
    const visit = await accountVisit(context);
    return orNotFound(visit !== null && isRecentlySignedIn(visit.caller) ? visit : null);
  },
};

export function newPasskeyOptions(context: RequestContext): Promise<Response> {
  return answerForm<AccountVisit>(context, {
    ...ACCOUNT_SCRIPT,
    perform: async ({ caller, signedIn }) => {
      const { env, now } = context;
      const owner = await preparePasskeyRegistration(caller);
      const challenge = await newPasskeyChallenge(env, signedIn.session.id, now);
      return jsonResponse(registrationOptions({ env, challenge, ...owner }));
    },
  });
}

export function addPasskeyByScript(context: RequestContext): Promise<Response> {
  return answerForm<AccountVisit>(context, {
    ...ACCOUNT_SCRIPT,
    perform: async ({ caller, signedIn }) => {
      const { env, now } = context;
      const { credential, name } = await readBody(context, NewPasskeyBody);
      const of = { sessionId: signedIn.session.id, now };
      const challenge = await readPasskeyChallenge(env, credential.response.clientDataJSON, of);
      const passkey = challenge === null ? null : await checkRegistration(credential, { env, challenge });
      if (passkey === null) refuse({ kind: 'sign_in_failed' });
      await addPasskey(caller, { ...passkey, name: name || 'Passkey' });
      return jsonResponse({ location: '/account?done=passkeyAdded' });
    },
  });
}
