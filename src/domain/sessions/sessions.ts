import {
  endOwnSession,
  endOwnSessions,
  endUserSessions,
  listOwnSessions,
  listSessionsOfUser,
  type UserSession,
} from '../../db/sessions/user-sessions.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import { absent, refuse } from '../../model/failure.ts';
import { guardCredentials } from '../factors/credential-guard.ts';
import { type Reauthentication, requireRecentSignIn } from '../factors/recent-sign-in.ts';

export { signOut } from '../../db/sessions/sign-out.ts';

export type SessionView = UserSession & { readonly application: boolean; readonly current: boolean };

/** Newest first. The caller's own reseller also shows sessions in other resellers. */
export async function listSessions(caller: CallerContext): Promise<SessionView[]> {
  return sessionViews(caller, await listOwnSessions(caller), HIDDEN_CLIENT);
}

/** The request's own session needs no recent sign-in. */
export async function endSession(
  caller: CallerContext,
  sessionId: string,
  proof: Reauthentication = {},
): Promise<void> {
  if (sessionId !== caller.actor.tokenId) await requireRecentSignIn(caller, proof);
  if (!(await endOwnSession(caller, sessionId))) await refuseSession(caller);
}

/** Includes the request's session; withdraws all consents. */
export async function endSessions(caller: CallerContext, proof: Reauthentication = {}): Promise<void> {
  await requireRecentSignIn(caller, proof);
  if (!(await endOwnSessions(caller, null))) await admitCaller(caller);
}

export async function endOtherSessions(caller: CallerContext): Promise<void> {
  await requireRecentSignIn(caller);
  await endOwnSessions(caller, caller.actor.tokenId);
}

export async function listUserSessions(caller: CallerContext, userId: string): Promise<SessionView[]> {
  return sessionViews(caller, (await listSessionsOfUser(caller, userId)) ?? refuse(absent('user')), HIDDEN_DEVICE);
}

/** Refuses `grant_refused` for a session in another reseller. */
export async function endUserSession(caller: CallerContext, userId: string, sessionId: string): Promise<void> {
  guardCredentials(caller, userId);
  const { meta } = await endUserSessions(caller, userId, { sessionId }).run();
  if (meta.changes > 0) return;
  const session = (await listUserSessions(caller, userId)).find(({ id }) => id === sessionId);
  if (session !== undefined && isInOtherReseller(caller, session)) refuse({ kind: 'grant_refused', scope: null });
  await refuseSession(caller);
}

export async function endAllUserSessions(caller: CallerContext, userId: string): Promise<void> {
  guardCredentials(caller, userId);
  const { meta } = await endUserSessions(caller, userId, { sessionId: null }).run();
  if (meta.changes === 0) await listUserSessions(caller, userId);
}

async function refuseSession(caller: CallerContext): Promise<never> {
  await admitCaller(caller);
  return refuse(absent('session'));
}

/** What the user, and an administrator, does not see of a session in another reseller. */
const HIDDEN_CLIENT = { clientId: null, clientName: null };
const HIDDEN_DEVICE = { ...HIDDEN_CLIENT, address: '', userAgent: '' };

function sessionViews(
  caller: CallerContext,
  sessions: readonly UserSession[],
  hidden: Partial<UserSession>,
): SessionView[] {
  const current = caller.actor.kind === 'user' ? caller.actor.tokenId : null;
  return sessions.map((session) => ({
    ...session,
    ...(isInOtherReseller(caller, session) && hidden),
    application: session.clientId !== null,
    current: session.id === current,
  }));
}

const isInOtherReseller = ({ actor: { reseller } }: CallerContext, { resellerId }: UserSession) =>
  reseller !== null && resellerId !== reseller;
