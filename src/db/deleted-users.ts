import { sql } from 'drizzle-orm';
import { BENEATH_ROWS, DELETED_USERS, RELAY_GRACE_MS } from '../model/limits.ts';
import type { User } from '../model/user.ts';
import { departed, departing } from './deleted-resellers.ts';
import { abroad, anotherId } from './removal.ts';
import { activations, events, memberships, organizations, resellers, sessions, users } from './schema.ts';
import { arg, type Session, statement } from './statement.ts';
import { readUser, userSelected } from './users.ts';

// The purge takes the sessions, which have all run out.
const signedOut = sql`not exists (select 1 from ${sessions} where user_id = user.id)`;

const remaining = statement(
  () => sql`select ${userSelected} from ${users} as user
    left join ${organizations} as organization on organization.id = user.organization_id
    where user.reseller_id in ${departed} and ${signedOut} limit ${arg('users')}`,
);

/** The next users to go with their deleted reseller. */
export async function findDepartingUsers(session: Session, resellerId: string, now: number): Promise<User[]> {
  const rows = await remaining(session, { ...departing(resellerId, now), users: DELETED_USERS }).raw();
  return rows.flatMap((row) => readUser(row, 0) ?? []);
}

const given = sql`json_each(${arg('users')})`;
const dropLinks = statement(
  () => sql`delete from ${activations} where seq in (select link.seq from ${given} as given
    join ${activations} as link on link.user_id = given.value ->> 'userId' limit ${arg('rows')})`,
);

const leaving = sql`user.reseller_id in ${departed} and ${signedOut}
  and not exists (select 1 from ${activations} where user_id = user.id)`;
// At home there is nobody left to hear of it; wherever else somebody was a member, there is.
const tellElsewhere = statement(
  () => sql`insert into ${events} (id, reseller_id, type, actor, subject, before, request_id, occurred_at, relay_at)
    select ${anotherId(sql`given.value ->> 'eventId'`)}, elsewhere.id, 'reseller.user.deleted', 'reseller:' || user.reseller_id,
      user.id, ${abroad(sql`given.value -> 'before'`)}, given.value ->> 'eventId', ${arg('now')}, ${arg('relayAt')}
    from ${given} as given
    join ${users} as user on user.id = given.value ->> 'userId' and ${leaving}
    join ${memberships} as membership on membership.user_id = user.id and membership.reseller_id <> user.reseller_id
    join ${resellers} as elsewhere on elsewhere.id = membership.reseller_id and elsewhere.deleted_at is null
    returning id`,
);
const removeUsers = statement(
  () => sql`delete from ${users} where id in
    (select user.id from ${given} as given join ${users} as user on user.id = given.value ->> 'userId' and ${leaving})
    returning id`,
);

/**
 * Removes these users of a deleted reseller, those with too many links for one chunk the next time. Gives how many are
 * gone, and the ids of the events that other resellers hear of it by.
 */
export async function removeDepartingUsers(
  session: Session,
  resellerId: string,
  removed: readonly { readonly eventId: string; readonly user: User }[],
  now: number,
): Promise<{ readonly users: number; readonly activations: number; readonly eventIds: string[] }> {
  const rows = removed.map(({ eventId, user }) => ({ eventId, userId: user.id, before: user }));
  const values = { ...departing(resellerId, now), users: JSON.stringify(rows), relayAt: now + RELAY_GRACE_MS };
  const [links, told, gone] = await session.batch<{ id: string }>([
    dropLinks(session, { ...values, rows: BENEATH_ROWS * 5 }),
    tellElsewhere(session, values),
    removeUsers(session, values),
  ]);
  return {
    users: gone?.results.length ?? 0,
    activations: links?.meta.changes ?? 0,
    eventIds: (told?.results ?? []).map(({ id }) => id),
  };
}
