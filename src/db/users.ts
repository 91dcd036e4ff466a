import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../model/failure.ts';
import { fullName, type User } from '../model/user.ts';
import type { Call } from './call.ts';
import { callerStatement, read, type Who, withinReach } from './caller.ts';
import { columnsOf, type RawRow } from './columns.ts';
import { lister } from './listing.ts';
import { namedListing, withKeys } from './named.ts';
import { organizationColumns, resellerFound } from './organizations.ts';
import { notRemoved } from './reachable.ts';
import { organizations, resellers, users } from './schema.ts';
import { arg, assignments, insertSelect } from './statement.ts';

const details = [
  'firstName',
  'lastName',
  'email',
  'role',
  'company',
  'allowCustomerPortalAccess',
  'jobTitle',
  'phone',
  'language',
  'verifiedAt',
] as const;
const signIn = ['twoFactorEnabled', 'googleSsoEnabled', 'lastLoginAt'] as const;
const userColumns = columnsOf(users, 'user', ['id', 'resellerId', ...details, ...signIn, 'createdAt', 'updatedAt']);
const changeable = ['organizationId', ...details, 'nameKey', 'emailKey', 'updatedAt'];

/** A user with its organization, where a query names the tables `user` and `organization`. */
export const userSelected = sql`${userColumns.selected}, ${organizationColumns.selectedAsJson}`;

/** The user in a row that selects `userSelected` from this place on. */
export function readUser(row: RawRow, from: number): User | null {
  const user = userColumns.read(row, from);
  return user && Object.assign(user, { organization: organizationColumns.readJson(row[from + userColumns.width]) });
}

const rowOf = (user: User) => ({
  ...withKeys({ ...user, name: fullName(user) }),
  organizationId: user.organization?.id ?? null,
});

const visible = sql`user.reseller_id = reseller.id and ${notRemoved}`;
const selected = sql`reseller.id, ${userSelected}`;
const from = (who: Who, conditions: SQL) => sql`from ${who.table}
  left join ${resellers} as reseller on reseller.id = ${arg('resellerId')} and ${withinReach(who)}
  left join ${users} as user on ${visible} and ${conditions}
  left join ${organizations} as organization on organization.id = user.organization_id`;

const one = callerStatement(
  (who) => sql`select caller.permitted, ${selected} ${from(who, sql`user.id = ${arg('id')}`)}`,
);

/** The user, or the refusal `not_found` of its reseller or itself. */
export async function findUser(call: Call, resellerId: string, id: string): Promise<User> {
  const [row] = await read(call, one(call, { resellerId, id }));
  resellerFound(row, 1);
  return (row && readUser(row, 2)) ?? refuse(absent('user'));
}

const named = namedListing('user');
const listed = lister(
  {
    ...named,
    selected,
    from,
    texts: {
      ...named.texts,
      organizationId: { column: sql`user.organization_id`, folded: true },
      role: { column: sql`user.role`, folded: false },
    },
    times: { ...named.times, lastSeenAt: sql`user.last_login_at` },
  },
  (row, from) => readUser(row, from + 1),
  resellerFound,
);
export const listUsers = (call: Call, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(call, list, { resellerId });

const room = (table: 'reseller' | 'organization') =>
  sql.raw(`(${table}.allowed_users = -1 or ${table}.user_count < ${table}.allowed_users)`);
const organizationAlive = sql`organization.reseller_id = reseller.id and organization.deleted_at is null`;
const place = (who: Who) => sql`from ${who.table}
  join ${resellers} as reseller on reseller.id = ${arg('resellerId')} and ${withinReach(who)}
  left join ${organizations} as organization on organization.id = ${arg('organizationId')} and ${organizationAlive}`;

const insert = callerStatement((who) =>
  insertSelect(
    users,
    ['id', 'resellerId', 'passwordHash', ...signIn, 'createdAt', ...changeable],
    sql`${place(who)} where caller.permitted and ${room('reseller')}
      and (${arg('organizationId')} is null or (organization.id is not null and ${room('organization')}))`,
  ),
);
export const insertUser = (call: Call, user: User, passwordHash: string | null) =>
  insert(call, { ...rowOf(user), passwordHash });

// Moving into an organization takes one of its places; staying takes none.
const update = callerStatement(
  (who) => sql`update ${users} as user set ${assignments(users, changeable)} ${place(who)}
    where caller.permitted and user.id = ${arg('id')} and user.reseller_id = reseller.id and user.updated_at = ${arg('readAt')}
      and (${arg('organizationId')} is null or (organization.id is not null
        and (user.organization_id is organization.id or ${room('organization')})))`,
);
export const updateUser = (call: Call, user: User, readAt: number) => update(call, { ...rowOf(user), readAt });

const remove = callerStatement(
  (who) => sql`delete from ${users} where id = ${arg('id')} and updated_at = ${arg('readAt')}
    and reseller_id in (select reseller.id from ${who.table} join ${resellers} as reseller
      on reseller.id = ${arg('resellerId')} and ${withinReach(who)} where caller.permitted)`,
);
export const removeUser = (call: Call, user: User) =>
  remove(call, { id: user.id, resellerId: user.resellerId, readAt: user.updatedAt });

const whyNoPlace = callerStatement(
  (who) => sql`select caller.permitted, reseller.id, organization.id from ${who.table}
    left join ${resellers} as reseller on reseller.id = ${arg('resellerId')} and ${withinReach(who)}
    left join ${organizations} as organization on organization.id = ${arg('organizationId')} and ${organizationAlive}`,
);

/** Why a user found no place: the caller, the reseller or the organization is gone, or else there was no room. */
export async function refusePlace(call: Call, resellerId: string, organizationId: string | null): Promise<never> {
  const [row] = await read(call, whyNoPlace(call, { resellerId, organizationId }));
  resellerFound(row, 1);
  if (organizationId !== null && row?.[2] === null) refuse(absent('organization'));
  refuse({ kind: 'limit_reached', what: 'users' });
}
