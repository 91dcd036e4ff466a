import { sql } from 'drizzle-orm';
import { DELETED_MEMBERS_CHUNK, DELETED_RESELLER_CHUNK_ROWS, DELETED_USERS_CHUNK } from '../../model/limits/index.ts';
import type { User } from '../../model/users/user.ts';
import { activations, memberships, organizations, resellers, sessions, users } from '../schema/index.ts';
import { nextHome } from '../sql/not-deleted.ts';
import { arg, type Db, idsGiven, statement } from '../sql/statement.ts';
import { type Leaver, leaversOf, leavingHome } from '../users/leave-home.ts';
import { readUser, userSelected } from '../users/users.ts';
import { departed, departing } from './deleted-resellers.ts';

const deleted = sql`(select id from ${resellers} where id = ${arg('resellerId')} and deleted_at is not null)`;
const staysElsewhere = sql`user.reseller_id in ${deleted} and ${nextHome} is not null`;
const rehome = leavingHome(staysElsewhere);

const remainingMembers = statement(
  () => sql`select membership.user_id, ${userSelected} from ${memberships} as membership
    left join ${users} as user on user.id = membership.user_id and ${staysElsewhere}
    left join ${organizations} as organization on organization.id = user.organization_id
    where membership.reseller_id in ${deleted} limit ${arg('members')}`,
);

/** The next members of a deleted reseller: the ids of all, and those of them whom another reseller takes over. */
export async function findRemainingMembers(
  db: Db,
  resellerId: string,
): Promise<{ readonly ids: readonly string[]; readonly users: readonly User[] }> {
  const rows = await remainingMembers(db, { resellerId, members: DELETED_MEMBERS_CHUNK }).raw<unknown[]>();
  return { ids: rows.map(([id]) => String(id)), users: rows.flatMap((row) => readUser(row, 1) ?? []) };
}

// Who accepted another membership meanwhile is for the next chunk to move.
const endMemberships = statement(
  () => sql`delete from ${memberships} as membership where user_id in ${idsGiven} and reseller_id in ${deleted}
    and not exists (select 1 from ${users} as user where user.id = membership.user_id and ${staysElsewhere}) returning user_id`,
);

/** Moves these users of a deleted reseller to another of theirs, and ends the memberships of these members. */
export async function endMembers(
  db: Db,
  resellerId: string,
  { ids, moved }: { readonly ids: readonly string[]; readonly moved: readonly Leaver[] },
  now: number,
): Promise<{ readonly memberships: number; readonly eventIds: string[] }> {
  const values = { ...leaversOf(moved, now), resellerId, ids: JSON.stringify(ids) };
  const [told, , left, ended] = await db.batch<{ id: string }>([
    rehome.tell(db, values),
    rehome.move(db, values),
    rehome.end(db, values),
    endMemberships(db, values),
  ]);
  return {
    memberships: (left?.results.length ?? 0) + (ended?.results.length ?? 0),
    eventIds: (told?.results ?? []).map(({ id }) => id),
  };
}

// The purge takes the sessions, which have all run out.
const signedOut = sql`not exists (select 1 from ${sessions} where user_id = user.id)`;

const remaining = statement(
  () => sql`select ${userSelected} from ${users} as user
    left join ${organizations} as organization on organization.id = user.organization_id
    where user.reseller_id in ${departed} and ${signedOut} limit ${arg('users')}`,
);

/** The next users to go with their deleted reseller. */
export async function findDepartingUsers(db: Db, resellerId: string, now: number): Promise<User[]> {
  const rows = await remaining(db, { ...departing(resellerId, now), users: DELETED_USERS_CHUNK }).raw();
  return rows.flatMap((row) => readUser(row, 0) ?? []);
}

const dropLinks = statement(
  () => sql`delete from ${activations} where seq in (select link.seq from json_each(${arg('leavers')}) as given
    join ${activations} as link on link.user_id = given.value ->> 'userId' limit ${arg('rows')})`,
);
const depart = leavingHome(sql`user.reseller_id in ${departed} and ${signedOut}
  and not exists (select 1 from ${activations} where user_id = user.id)`);

/**
 * Removes these users of a deleted reseller, those with too many links for one chunk the next time. Gives how many are
 * gone, and the ids of the events that other resellers hear of it by.
 */
export async function removeDepartingUsers(
  db: Db,
  resellerId: string,
  leavers: readonly Leaver[],
  now: number,
): Promise<{ readonly users: number; readonly activations: number; readonly eventIds: string[] }> {
  const values = { ...departing(resellerId, now), ...leaversOf(leavers, now), rows: DELETED_RESELLER_CHUNK_ROWS * 5 };
  const [links, told, , gone] = await db.batch<{ id: string }>([
    dropLinks(db, values),
    depart.tell(db, values),
    depart.move(db, values),
    depart.remove(db, values),
  ]);
  return {
    users: gone?.results.length ?? 0,
    activations: links?.meta.changes ?? 0,
    eventIds: (told?.results ?? []).map(({ id }) => id),
  };
}
