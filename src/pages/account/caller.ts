import { isRecentlySignedIn } from '../../domain/factors/recent-sign-in.ts';
import { actorOf, type SignedIn, signedInWith } from '../../http/callers/browser.ts';
import { openCallerContext } from '../../http/callers/caller-context.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { SELF } from '../../model/clients/scope.ts';

export type Call = ReturnType<typeof openCallerContext>;

/** The signed-in user as a caller about itself. */
export function callOf(context: RequestContext, signedIn: SignedIn): Call {
  return openCallerContext(context, actorOf(signedIn), SELF, null);
}

/** Has go on in the background what the call has committed. */
export function committed(context: RequestContext, { eventIds, tasks, emailIds }: Call): void {
  context.committed({ eventIds, tasks, emailIds });
}

/** Whether somebody has shown only lately who they are. */
export function isFresh(signedIn: SignedIn, now: number): boolean {
  return isRecentlySignedIn({ actor: actorOf(signedIn), now });
}

/** Who is signed in and has shown it lately; null: nobody. */
export async function freshlySignedIn(context: RequestContext): Promise<SignedIn | null> {
  const signedIn = await signedInWith(context);
  return signedIn !== null && isFresh(signedIn, context.now) ? signedIn : null;
}
