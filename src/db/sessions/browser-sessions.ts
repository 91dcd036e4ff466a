import { sql } from 'drizzle-orm';
import { BROWSER_SESSION_MS, BROWSER_VISIT_UPDATE_MS } from '../../model/limits/index.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import type { Session } from '../../model/sessions/session.ts';
import type { Member } from '../../model/users/member.ts';
import type { Role } from '../../model/users/role.ts';
import { brandingJoined, brandingSelected } from '../resellers/branding.ts';
import { organizations, resellers, sessions, users } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { asJson, flag, jsonValue, value } from '../sql/selection.ts';
import { arg, type Db as Database, statement } from '../sql/statement.ts';
import { userSelected } from '../users/users.ts';
import { isActiveSession, meetsTwoFactorRule, sessionWithUser } from './active-session.ts';
import { sessionColumns } from './session-row.ts';

export type BrowserSession = {
  readonly session: Session;
  readonly member: Member;
  readonly branding: Branding;
  /** Whether the user must set up a second factor first. */
  readonly factorDue: boolean;
};

const find = query(() => ({
  select: {
    session: asJson(sessionColumns),
    roles: jsonValue<Role[]>(sql`membership.roles`),
    user: userSelected,
    branding: brandingSelected,
    factorDue: flag(sql`not ${meetsTwoFactorRule}`),
  },
  from: sql`from ${sessionWithUser} join ${resellers} as reseller on reseller.id = session.reseller_id ${brandingJoined}
    join ${users} as user on user.id = self.id
    left join ${organizations} as organization on organization.id = user.organization_id
    where session.cookie_hash = ${arg('cookieHash')} and ${isActiveSession}`,
}));

const extendSession = statement(
  () => sql`update ${sessions} set used_at = ${arg('now')},
      expires_at = min(created_at + ${BROWSER_SESSION_MS}, ${arg('now')} + ${arg('idleMs')})
    where cookie_hash = ${arg('cookieHash')} and ended_at is null and expires_at > ${arg('now')}
      and used_at <= ${arg('now')} - ${BROWSER_VISIT_UPDATE_MS}`,
);

/** Extends the session by `idleMs`. Null where it has ended. */
export async function findBrowserSession(
  database: Database,
  visit: { readonly cookieHash: string; readonly now: number; readonly idleMs: number },
): Promise<BrowserSession | null> {
  const { cookieHash, now: calledAt } = visit;
  const [, found] = await database.batch([
    extendSession(database, visit),
    find.prepare(database, { cookieHash, calledAt }),
  ]);
  const [row] = find.read(found);
  if (row === undefined || row.session === null || row.user === null) return null;
  const { session, user, roles, branding, factorDue } = row;
  return { session, member: { ...user, roles }, branding, factorDue };
}

const findReseller = query(() => ({
  select: { resellerId: value<string | null>(sql`reseller_id`) },
  from: sql`from ${sessions} where cookie_hash = ${arg('cookieHash')}`,
}));
/** The session may have ended. */
export async function findResellerOfCookie(database: Database, cookieHash: string): Promise<string | null> {
  const [session] = await findReseller(database, { cookieHash });
  return session?.resellerId ?? null;
}
