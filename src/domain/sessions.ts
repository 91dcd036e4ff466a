import type { Call } from '../db/call.ts';
import { admitCaller } from '../db/caller.ts';
import {
  endOwnSessions,
  endUserSessions,
  listOwnSessions,
  listSessionsOf,
  type UserSession,
} from '../db/user-sessions.ts';
import { absent, refuse } from '../model/failure.ts';
import { type Reproof, requireRecentOfSelf, requireRecentSignIn } from './recent-sign-in.ts';

/** A session, and whether the request came by it. */
export type ShownSession = UserSession & { readonly current: boolean };

/**
 * The caller's sessions, the newest first: those in the reseller that it acts in; where that is its own, those elsewhere
 * too. Nobody has more than come at once.
 */
export async function listSessions(call: Call): Promise<ShownSession[]> {
  return shown(call, await listOwnSessions(call));
}

/** Ends one of them; an API client has to ask for consent anew. Needs a recent sign-in but for the request's own. Refuses `not_found`. */
export async function endSession(call: Call, sessionId: string, proof: Reproof = {}): Promise<void> {
  if (sessionId !== call.actor.tokenId) await requireRecentSignIn(call, proof);
  if ((await endOwnSessions(call, [sessionId])) === 0) await refuseSession(call);
}

/** Ends all of them, that of the request too. */
export async function endSessions(call: Call, proof: Reproof = {}): Promise<void> {
  await requireRecentSignIn(call, proof);
  // Whoever is signed in has one at least.
  if ((await endOwnSessions(call, null)) === 0) await admitCaller(call);
}

/** All sessions of a user of the caller's own reseller. Refuses `not_found`. */
export async function listUserSessions(call: Call, userId: string): Promise<ShownSession[]> {
  return shown(call, (await listSessionsOf(call, userId)) ?? refuse(absent('user')));
}

/** Ends one of them. Refuses `not_found` of the user or the session. */
export async function endUserSession(call: Call, userId: string, sessionId: string): Promise<void> {
  if (sessionId !== call.actor.tokenId) await requireRecentOfSelf(call, userId);
  const { meta } = await endUserSessions(call, userId, { sessionId }).run();
  if (meta.changes > 0) return;
  await listUserSessions(call, userId);
  await refuseSession(call);
}

/** Ends all of them, if there are any. Refuses `not_found` of the user. */
export async function endAllUserSessions(call: Call, userId: string): Promise<void> {
  await requireRecentOfSelf(call, userId);
  const { meta } = await endUserSessions(call, userId, { sessionId: null }).run();
  if (meta.changes === 0) await listUserSessions(call, userId);
}

async function refuseSession(call: Call): Promise<never> {
  await admitCaller(call);
  return refuse(absent('session'));
}

function shown({ actor }: Call, sessions: readonly UserSession[]): ShownSession[] {
  const current = actor.kind === 'user' ? actor.tokenId : null;
  return sessions.map((session) => ({ ...session, current: session.id === current }));
}
