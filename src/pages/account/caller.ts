import { isRecent } from '../../domain/factors/recent-sign-in.ts';
import { actorOf, type SignedIn, signedInWith } from '../../http/callers/browser.ts';
import { openCall } from '../../http/callers/call.ts';
import type { Exchange } from '../../http/exchange.ts';
import { SELF } from '../../model/clients/scope.ts';

export type Call = ReturnType<typeof openCall>;

/** The signed-in user as a caller about itself. */
export function callOf(exchange: Exchange, signedIn: SignedIn): Call {
  return openCall(exchange, actorOf(signedIn), SELF, null);
}

/** Has go on in the background what the call has committed. */
export function committed(exchange: Exchange, { raised, wakes, mails }: Call): void {
  exchange.committed({ raised, wakes, mails });
}

/** Whether somebody has shown only lately who they are. */
export function isFresh(signedIn: SignedIn, now: number): boolean {
  return isRecent({ actor: actorOf(signedIn), now });
}

/** Who is signed in and has shown it lately; null: nobody. */
export async function freshlySignedIn(exchange: Exchange): Promise<SignedIn | null> {
  const signedIn = await signedInWith(exchange);
  return signedIn !== null && isFresh(signedIn, exchange.now) ? signedIn : null;
}
