import { sql } from 'drizzle-orm';
import { DELETED_MEMBERS_CHUNK, DELETED_RESELLER_CHUNK_ROWS, DELETED_USERS_CHUNK } from '../../model/limits/index.ts';
import type { User } from '../../model/users/user.ts';
import { activations, memberships, organizations, resellers, sessions, users } from '../schema/index.ts';
import { nextPrimaryReseller } from '../sql/not-deleted.ts';
import { query, returning } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, idsFromArgument, statement } from '../sql/statement.ts';
import { type DepartingUser, departureStatements, departureValues } from '../users/leave-home.ts';
import { userSelected } from '../users/users.ts';
import { expiredReseller, expiredResellerValues } from './deleted-resellers.ts';

const deleted = sql`(select id from ${resellers} where id = ${arg('resellerId')} and deleted_at is not null)`;
const staysElsewhere = sql`user.reseller_id in ${deleted} and ${nextPrimaryReseller} is not null`;
const rehome = departureStatements(staysElsewhere);

const remainingMembers = query(() => ({
  select: { id: value<string>(sql`membership.user_id`), user: userSelected },
  from: sql`from ${memberships} as membership
    left join ${users} as user on user.id = membership.user_id and ${staysElsewhere}
    left join ${organizations} as organization on organization.id = user.organization_id
    where membership.reseller_id in ${deleted} limit ${arg('members')}`,
}));

/** `users`: those who move to another reseller, which becomes their primary one. */
export async function findRemainingMembers(
  db: Db,
  resellerId: string,
): Promise<{ readonly ids: readonly string[]; readonly users: readonly User[] }> {
  const rows = await remainingMembers(db, { resellerId, members: DELETED_MEMBERS_CHUNK });
  return { ids: rows.map(({ id }) => id), users: rows.flatMap(({ user }) => user ?? []) };
}

// Users who accepted another membership meanwhile are moved by the next chunk.
const endMemberships = returning(() => ({
  give: { userId: value<string>(sql`user_id`) },
  write: sql`delete from ${memberships} as membership where user_id in ${idsFromArgument} and reseller_id in ${deleted}
    and not exists (select 1 from ${users} as user where user.id = membership.user_id and ${staysElsewhere})`,
}));

export async function endMembers(
  db: Db,
  resellerId: string,
  { ids, moved }: { readonly ids: readonly string[]; readonly moved: readonly DepartingUser[] },
  now: number,
): Promise<{ readonly memberships: number; readonly eventIds: string[] }> {
  const values = { ...departureValues(moved, now), resellerId, ids: JSON.stringify(ids) };
  const [eventRows, , endedAtMove, endedMemberships] = await db.batch([
    rehome.tell.prepare(db, values),
    rehome.move(db, values),
    rehome.end.prepare(db, values),
    endMemberships.prepare(db, values),
  ]);
  return {
    memberships: rehome.end.read(endedAtMove).length + endMemberships.read(endedMemberships).length,
    eventIds: rehome.tell.read(eventRows).map(({ id }) => id),
  };
}

// The purge deletes expired sessions.
const signedOut = sql`not exists (select 1 from ${sessions} where user_id = user.id)`;

const remaining = query(() => ({
  select: { user: userSelected },
  from: sql`from ${users} as user
    left join ${organizations} as organization on organization.id = user.organization_id
    where user.reseller_id in ${expiredReseller} and ${signedOut} limit ${arg('users')}`,
}));

export async function findUsersOfDeletedReseller(db: Db, resellerId: string, now: number): Promise<User[]> {
  const rows = await remaining(db, { ...expiredResellerValues(resellerId, now), users: DELETED_USERS_CHUNK });
  return rows.flatMap(({ user }) => user ?? []);
}

const dropLinks = statement(
  () => sql`delete from ${activations} where seq in (select link.seq from json_each(${arg('leavers')}) as given
    join ${activations} as link on link.user_id = given.value ->> 'userId' limit ${arg('rows')})`,
);
const depart = departureStatements(sql`user.reseller_id in ${expiredReseller} and ${signedOut}
  and not exists (select 1 from ${activations} where user_id = user.id)`);

/** Users with many links wait for the next chunk. */
export async function deleteUsersOfDeletedReseller(
  db: Db,
  resellerId: string,
  leavers: readonly DepartingUser[],
  now: number,
): Promise<{ readonly users: number; readonly activations: number; readonly eventIds: string[] }> {
  const values = {
    ...expiredResellerValues(resellerId, now),
    ...departureValues(leavers, now),
    rows: DELETED_RESELLER_CHUNK_ROWS * 5,
  };
  const [links, eventRows, , removed] = await db.batch([
    dropLinks(db, values),
    depart.tell.prepare(db, values),
    depart.move(db, values),
    depart.remove.prepare(db, values),
  ]);
  return {
    users: depart.remove.read(removed).length,
    activations: links?.meta.changes ?? 0,
    eventIds: depart.tell.read(eventRows).map(({ id }) => id),
  };
}
