import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { type Member, stateFrom } from '../../model/users/member.ts';
import type { User } from '../../model/users/user.ts';
import { resellerFound } from '../resellers/organizations.ts';
import { memberships, organizations, users } from '../schema/index.ts';
import { askedReseller, type CallerSql, callerStatement, read } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import type { RawRow } from '../sql/columns.ts';
import { lister } from '../sql/listing.ts';
import { orderedBy } from '../sql/named-listing.ts';
import { stateOf, there, thereIn } from '../sql/not-deleted.ts';
import { arg } from '../sql/statement.ts';
import { type Located, locationIn, readLocation } from './located.ts';
import { readUser, userSelected } from './users.ts';

const selected = sql`held.roles, ${stateOf('held')}, ${userSelected}`;
// The roles are read of the members that are shown only; the index has the rest.
const joined = sql`left join ${users} as user on user.id = membership.user_id
  left join ${memberships} as held on held.user_id = membership.user_id and held.reseller_id = membership.reseller_id
  left join ${organizations} as organization on organization.id = user.organization_id`;
const from = (callerSql: CallerSql, conditions: SQL) => sql`from ${callerSql.table}
  left join ${askedReseller(callerSql)}
  left join ${memberships} as membership on membership.reseller_id = reseller.id and ${conditions}
    and exists (select 1 from ${users} as user where user.id = membership.user_id and ${thereIn(sql`reseller.id`)}
      and ${callerSql.confinedTo(sql`user.organization_id`)})
  ${joined}`;

/** The member in a row that selects `selected` from this place on. */
function readMember(row: RawRow, from: number): Member | null {
  const user = readUser(row, from + 2);
  return user && { ...user, roles: JSON.parse(String(row[from])), ...stateFrom(row[from + 1]) };
}

const one = callerStatement(
  (callerSql) => sql`select caller.permitted, reseller.id, ${selected}, ${locationIn(sql`reseller.id`)}
    ${from(callerSql, sql`membership.user_id = ${arg('id')}`)}`,
);

/** A member with what else there is to know of it. Refuses `not_found` of the reseller or the user. */
export async function findMember(
  caller: CallerContext,
  resellerId: string,
  id: string,
): Promise<Omit<Located, 'user' | 'roles'> & { readonly member: Member }> {
  const [row] = await read(caller, one(caller, { resellerId, id }));
  resellerFound(row, 1);
  const member = (row && readMember(row, 2)) ?? refuse(absent('user'));
  const { roles: _, ...location } = readLocation(row?.at(-1));
  return { member, ...location };
}

const listed = lister(
  {
    ...orderedBy('membership', sql`membership.created_at`),
    id: sql`membership.user_id`,
    confined: sql`membership.user_id in (select own.id from ${users} as own where own.organization_id = caller.within)`,
    table: sql`${memberships} as membership`,
    owner: askedReseller,
    rows: () => sql`membership.reseller_id = reseller.id`,
    visible: (callerSql) =>
      sql`${thereIn(sql`membership.reseller_id`)} and ${callerSql.confinedTo(sql`user.organization_id`)}`,
    joined,
    selected,
  },
  readMember,
  resellerFound,
);
/** The members of a reseller, in the order in which they came. */
export const listMembers = (caller: CallerContext, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(caller, list, { resellerId });

const joinable = callerStatement(
  (callerSql) => sql`select caller.permitted, reseller.id, ${userSelected} from ${callerSql.table}
    left join ${askedReseller(callerSql)}
    left join ${users} as user on user.email_key = ${arg('emailKey')} and ${there} and ${callerSql.confinedTo(sql`null`)}
      and ${callerSql.reaches(sql`user.reseller_id`)}
    left join ${organizations} as organization on organization.id = user.organization_id`,
);

/** Whoever has this address, as far as the caller may see its own reseller too; else null. Refuses `not_found` of this one. */
export async function findJoinable(caller: CallerContext, resellerId: string, email: string): Promise<User | null> {
  const [row] = await read(caller, joinable(caller, { resellerId, emailKey: addressKey(email) }));
  resellerFound(row, 1);
  return row ? readUser(row, 2) : null;
}
