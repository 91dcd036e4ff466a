import { removePasskey } from '../../domain/factors/own-passkeys.ts';
import { endOtherSessions, endSession } from '../../domain/sessions/sessions.ts';
import { signOut } from '../../domain/sessions/sign-out.ts';
import { setCookie } from '../../http/cookies.ts';
import type { Exchange } from '../../http/exchange.ts';
import { seeOther } from '../redirect.ts';
import { ACCOUNT_GOAL, sendToSignIn } from '../sign-in/begin.ts';
import { answerAccount, askAgain } from './visit.ts';

/** `POST /account/sessions/end`: ends one session. */
export function endOne(exchange: Exchange): Promise<Response> {
  return answerAccount(exchange, {
    perform: async (call, { id = '' }) => {
      await endSession(call, id);
      return seeOther('/account?done=sessionEnded');
    },
  });
}

/** `POST /account/sessions/end-others`: ends all but this one. */
export function endOthers(exchange: Exchange): Promise<Response> {
  return answerAccount(exchange, {
    perform: async (call) => {
      await endOtherSessions(call);
      return seeOther('/account?done=sessionsEnded');
    },
  });
}

/** `POST /account/sign-out`: ends this one. */
export function signOutHere(exchange: Exchange): Promise<Response> {
  return answerAccount(exchange, {
    perform: async (_, __, { signedIn: { session } }) => {
      await signOut(exchange.session, session, exchange);
      const cookie = setCookie(exchange.env, 'session', '', 0);
      return sendToSignIn(exchange, ACCOUNT_GOAL, session.resellerId, { notice: 'signedOut', cookie });
    },
  });
}

/** `POST /account/again`: has somebody show once more who it is. */
export function signInAgain(exchange: Exchange): Promise<Response> {
  return answerAccount(exchange, {
    perform: (_, __, { signedIn }) => askAgain(exchange, signedIn),
  });
}

/** `POST /account/passkeys/remove`: takes a passkey away. */
export function dropPasskey(exchange: Exchange): Promise<Response> {
  return answerAccount(exchange, {
    perform: async (call, { id = '' }) => {
      await removePasskey(call, id);
      return seeOther('/account?done=passkeyRemoved');
    },
  });
}
