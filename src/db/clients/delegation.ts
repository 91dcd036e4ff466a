import { sql } from 'drizzle-orm';
import type { Member } from '../../model/users/member.ts';
import { organizations, users } from '../schema/index.ts';
import { isActive, sessionWithUser } from '../sessions/active-session.ts';
import { memberSessionSelected, readMemberSession } from '../sessions/session-row.ts';
import { arg, type Db as Database, statement } from '../sql/statement.ts';

const find = statement(
  () => sql`select ${memberSessionSelected} from ${sessionWithUser} join ${users} as user on user.id = self.id
    left join ${organizations} as organization on organization.id = user.organization_id
    where session.id = ${arg('id')} and session.client_id is not null and ${isActive}`,
);

/** Whose session this is that an API client has; null where it is over, or no client's. */
export async function findDelegated(database: Database, id: string, now: number): Promise<Member | null> {
  const row = await find(database, { id, calledAt: now }).first<Record<string, unknown>>();
  return readMemberSession(row ?? undefined)?.member ?? null;
}
