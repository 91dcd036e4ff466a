import {
  endOwnSession,
  endOwnSessions,
  endUserSessions,
  listOwnSessions,
  listSessionsOf,
  type UserSession,
} from '../../db/sessions/user-sessions.ts';
import type { Call } from '../../db/sql/call.ts';
import { admitCaller } from '../../db/sql/caller.ts';
import { absent, refuse } from '../../model/failure.ts';
import { guardCredentials } from '../factors/credential-guard.ts';
import { type Reproof, requireRecentSignIn } from '../factors/recent-sign-in.ts';

/** A session, whether an API client acts by it, and whether the request came by it. */
export type ShownSession = UserSession & { readonly application: boolean; readonly current: boolean };

/**
 * The caller's sessions, the newest first: those in the reseller that it acts in; where that is its own, those elsewhere
 * too.
 */
export async function listSessions(call: Call): Promise<ShownSession[]> {
  return shown(call, await listOwnSessions(call), NAMELESS);
}

/**
 * Ends one of them; an API client has to ask for consent anew. Needs a recent sign-in, but for the request's own session.
 * Refuses `not_found`.
 */
export async function endSession(call: Call, sessionId: string, proof: Reproof = {}): Promise<void> {
  if (sessionId !== call.actor.tokenId) await requireRecentSignIn(call, proof);
  if (!(await endOwnSession(call, sessionId))) await refuseSession(call);
}

/** Ends all of them, that of the request too, and withdraws all consents. */
export async function endSessions(call: Call, proof: Reproof = {}): Promise<void> {
  await requireRecentSignIn(call, proof);
  // Whoever is signed in has one at least.
  if (!(await endOwnSessions(call, null))) await admitCaller(call);
}

/** The same, but for the session that the request came by. */
export async function endOtherSessions(call: Call): Promise<void> {
  await requireRecentSignIn(call);
  await endOwnSessions(call, call.actor.tokenId);
}

/** The sessions of a user of the caller's reseller. Refuses `not_found`. */
export async function listUserSessions(call: Call, userId: string): Promise<ShownSession[]> {
  return shown(call, (await listSessionsOf(call, userId)) ?? refuse(absent('user')), UNKNOWN);
}

/** Ends one of them. Refuses `not_found` of the user or the session, `grant_refused` of one in another reseller. */
export async function endUserSession(call: Call, userId: string, sessionId: string): Promise<void> {
  guardCredentials(call, userId);
  const { meta } = await endUserSessions(call, userId, { sessionId }).run();
  if (meta.changes > 0) return;
  const found = (await listUserSessions(call, userId)).find(({ id }) => id === sessionId);
  if (found !== undefined && isElsewhere(call, found)) refuse({ kind: 'grant_refused', scope: null });
  await refuseSession(call);
}

/** Ends all of them in the caller's reseller, if there are any. Refuses `not_found` of the user. */
export async function endAllUserSessions(call: Call, userId: string): Promise<void> {
  guardCredentials(call, userId);
  const { meta } = await endUserSessions(call, userId, { sessionId: null }).run();
  if (meta.changes === 0) await listUserSessions(call, userId);
}

async function refuseSession(call: Call): Promise<never> {
  await admitCaller(call);
  return refuse(absent('session'));
}

/** What the user, and what an administrator, does not see of a session in another reseller. */
const NAMELESS = { clientId: null, clientName: null };
const UNKNOWN = { ...NAMELESS, address: '', userAgent: '' };

function shown(call: Call, sessions: readonly UserSession[], elsewhere: Partial<UserSession>): ShownSession[] {
  const current = call.actor.kind === 'user' ? call.actor.tokenId : null;
  return sessions.map((session) => ({
    ...session,
    ...(isElsewhere(call, session) && elsewhere),
    application: session.clientId !== null,
    current: session.id === current,
  }));
}

const isElsewhere = ({ actor: { reseller } }: Call, { resellerId }: UserSession) =>
  reseller !== null && resellerId !== reseller;
