import {
  endOwnSession,
  endOwnSessions,
  endUserSessions,
  listOwnSessions,
  listSessionsOf,
  type UserSession,
} from '../../db/sessions/user-sessions.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import { absent, refuse } from '../../model/failure.ts';
import { guardCredentials } from '../factors/credential-guard.ts';
import { type Reproof, requireRecentSignIn } from '../factors/recent-sign-in.ts';

/** A session, whether an API client acts by it, and whether the request came by it. */
export type ShownSession = UserSession & { readonly application: boolean; readonly current: boolean };

/**
 * The caller's sessions, the newest first: those in the reseller that it acts in; where that is its own, those elsewhere
 * too.
 */
export async function listSessions(caller: CallerContext): Promise<ShownSession[]> {
  return shown(caller, await listOwnSessions(caller), NAMELESS);
}

/**
 * Ends one of them; an API client has to ask for consent anew. Needs a recent sign-in, but for the request's own session.
 * Refuses `not_found`.
 */
export async function endSession(caller: CallerContext, sessionId: string, proof: Reproof = {}): Promise<void> {
  if (sessionId !== caller.actor.tokenId) await requireRecentSignIn(caller, proof);
  if (!(await endOwnSession(caller, sessionId))) await refuseSession(caller);
}

/** Ends all of them, that of the request too, and withdraws all consents. */
export async function endSessions(caller: CallerContext, proof: Reproof = {}): Promise<void> {
  await requireRecentSignIn(caller, proof);
  // Whoever is signed in has one at least.
  if (!(await endOwnSessions(caller, null))) await admitCaller(caller);
}

/** The same, but for the session that the request came by. */
export async function endOtherSessions(caller: CallerContext): Promise<void> {
  await requireRecentSignIn(caller);
  await endOwnSessions(caller, caller.actor.tokenId);
}

/** The sessions of a user of the caller's reseller. Refuses `not_found`. */
export async function listUserSessions(caller: CallerContext, userId: string): Promise<ShownSession[]> {
  return shown(caller, (await listSessionsOf(caller, userId)) ?? refuse(absent('user')), UNKNOWN);
}

/** Ends one of them. Refuses `not_found` of the user or the session, `grant_refused` of one in another reseller. */
export async function endUserSession(caller: CallerContext, userId: string, sessionId: string): Promise<void> {
  guardCredentials(caller, userId);
  const { meta } = await endUserSessions(caller, userId, { sessionId }).run();
  if (meta.changes > 0) return;
  const found = (await listUserSessions(caller, userId)).find(({ id }) => id === sessionId);
  if (found !== undefined && isElsewhere(caller, found)) refuse({ kind: 'grant_refused', scope: null });
  await refuseSession(caller);
}

/** Ends all of them in the caller's reseller, if there are any. Refuses `not_found` of the user. */
export async function endAllUserSessions(caller: CallerContext, userId: string): Promise<void> {
  guardCredentials(caller, userId);
  const { meta } = await endUserSessions(caller, userId, { sessionId: null }).run();
  if (meta.changes === 0) await listUserSessions(caller, userId);
}

async function refuseSession(caller: CallerContext): Promise<never> {
  await admitCaller(caller);
  return refuse(absent('session'));
}

/** What the user, and what an administrator, does not see of a session in another reseller. */
const NAMELESS = { clientId: null, clientName: null };
const UNKNOWN = { ...NAMELESS, address: '', userAgent: '' };

function shown(
  caller: CallerContext,
  sessions: readonly UserSession[],
  elsewhere: Partial<UserSession>,
): ShownSession[] {
  const current = caller.actor.kind === 'user' ? caller.actor.tokenId : null;
  return sessions.map((session) => ({
    ...session,
    ...(isElsewhere(caller, session) && elsewhere),
    application: session.clientId !== null,
    current: session.id === current,
  }));
}

const isElsewhere = ({ actor: { reseller } }: CallerContext, { resellerId }: UserSession) =>
  reseller !== null && resellerId !== reseller;
