import { sql } from 'drizzle-orm';
import type { Member } from '../../model/users/member.ts';
import { organizations, users } from '../schema/index.ts';
import { isActiveSession, sessionWithUser } from '../sessions/active-session.ts';
import { memberSessionSelected } from '../sessions/session-row.ts';
import { query } from '../sql/query.ts';
import { arg, type Db as Database } from '../sql/statement.ts';

const find = query(() => ({
  select: { delegated: memberSessionSelected },
  from: sql`from ${sessionWithUser} join ${users} as user on user.id = self.id
    left join ${organizations} as organization on organization.id = user.organization_id
    where session.id = ${arg('id')} and session.client_id is not null and ${isActiveSession}`,
}));

/** Null where the session has ended or belongs to no client. */
export async function findDelegatingUser(database: Database, id: string, now: number): Promise<Member | null> {
  const [found] = await find(database, { id, calledAt: now });
  return found?.delegated?.member ?? null;
}
