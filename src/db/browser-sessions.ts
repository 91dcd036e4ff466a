import { sql } from 'drizzle-orm';
import type { Branding } from '../model/branding.ts';
import type { Member } from '../model/member.ts';
import type { Session } from '../model/session.ts';
import { brandingJoined, brandingSelected, readBranding } from './branding.ts';
import { organizations, resellers, users } from './schema.ts';
import { sessionColumns } from './session-row.ts';
import { arg, type Session as Database, statement } from './statement.ts';
import { sessionWithUser, usable } from './usable.ts';
import { readUser, userSelected } from './users.ts';

/** Somebody signed in with a browser, and how the reseller shows itself. */
export type SignedIn = { readonly session: Session; readonly member: Member; readonly branding: Branding };

const find = statement(
  () => sql`select ${sessionColumns.selectedAsJson}, ${brandingSelected}, membership.roles, ${userSelected}
    from ${sessionWithUser} join ${resellers} as reseller on reseller.id = session.reseller_id ${brandingJoined}
    join ${users} as user on user.id = self.id
    left join ${organizations} as organization on organization.id = user.organization_id
    where session.cookie_hash = ${arg('cookieHash')} and ${usable}`,
);

/** Whose cookie this is, by its hash; null where nobody is signed in by it (any more). */
export async function findSignedIn(database: Database, cookieHash: string, now: number): Promise<SignedIn | null> {
  const [row] = await find(database, { cookieHash, calledAt: now }).raw<unknown[]>();
  const user = row ? readUser(row, 3) : null;
  if (user === null || row === undefined) return null;
  const [session, branding, roles] = row;
  return {
    session: sessionColumns.readJson(session) as Session,
    member: { ...user, roles: JSON.parse(String(roles)) },
    branding: readBranding(branding),
  };
}
