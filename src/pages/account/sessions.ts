import { removePasskey } from '../../domain/factors/own-passkeys.ts';
import { endOtherSessions, endSession, signOut } from '../../domain/sessions/sessions.ts';
import { setCookie } from '../../http/cookies.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { seeOther } from '../redirect.ts';
import { ACCOUNT_GOAL, sendToSignIn } from '../sign-in/begin.ts';
import { answerAccount, askAgain } from './visit.ts';

/** `POST /account/sessions/end`: ends one session. */
export function endOne(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (call, { id = '' }) => {
      await endSession(call, id);
      return seeOther('/account?done=sessionEnded');
    },
  });
}

/** `POST /account/sessions/end-others`: ends all but this one. */
export function endOthers(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (call) => {
      await endOtherSessions(call);
      return seeOther('/account?done=sessionsEnded');
    },
  });
}

/** `POST /account/sign-out`: ends this one. */
export function signOutHere(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (_, __, { signedIn: { session } }) => {
      await signOut(context.db, session, context);
      const cookie = setCookie(context.env, 'session', '', 0);
      return sendToSignIn(context, ACCOUNT_GOAL, session.resellerId, { notice: 'signedOut', cookie });
    },
  });
}

/** `POST /account/again`: has somebody show once more who it is. */
export function signInAgain(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: (_, __, { signedIn }) => askAgain(context, signedIn),
  });
}

/** `POST /account/passkeys/remove`: takes a passkey away. */
export function dropPasskey(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (call, { id = '' }) => {
      await removePasskey(call, id);
      return seeOther('/account?done=passkeyRemoved');
    },
  });
}
