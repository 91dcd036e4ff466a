import { signOut } from '../../domain/sessions/sessions.ts';
import { setCookie } from '../../http/cookies.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { ACCOUNT_GOAL, sendToSignIn } from '../sign-in/begin.ts';
import { answerAccount, requireFreshSignIn } from './visit.ts';

export function signOutBrowser(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async ({ signedIn: { session } }) => {
      await signOut(context.db, session, context);
      const cookie = setCookie(context.env, 'session', '', 0);
      return sendToSignIn(context, ACCOUNT_GOAL, session.resellerId, { notice: 'signedOut', cookie });
    },
  });
}

export function startFreshSignIn(context: RequestContext): Promise<Response> {
  return answerAccount(context, { perform: ({ signedIn }) => requireFreshSignIn(context, signedIn) });
}
