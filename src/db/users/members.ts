import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { type Member, stateFrom } from '../../model/users/member.ts';
import type { Role } from '../../model/users/role.ts';
import type { MembershipState, User } from '../../model/users/user.ts';
import { RESELLER_ID, requireResellerRow } from '../resellers/organizations.ts';
import { memberships, organizations, users } from '../schema/index.ts';
import { type CallerSql, requestedReseller } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { lister } from '../sql/listing.ts';
import { orderedBy } from '../sql/named-listing.ts';
import { isUserPresent, isUserPresentIn, membershipState } from '../sql/not-deleted.ts';
import { callerQuery } from '../sql/query.ts';
import { jsonValue, mapped, record, type Selection, value } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';
import { tenantDetailsSelected, type UserInTenant } from './user-in-tenant.ts';
import { userSelected } from './users.ts';

/** For queries that also join `held`. */
const memberSelected: Selection<Member | null> = mapped(
  record({
    roles: jsonValue<Role[]>(sql`held.roles`),
    state: value<MembershipState | null>(membershipState('held')),
    user: userSelected,
  }),
  ({ user, roles, state }) => user && { ...user, roles, ...stateFrom(state) },
);
// Reads only the roles of returned members.
const joined = sql`left join ${users} as user on user.id = membership.user_id
  left join ${memberships} as held on held.user_id = membership.user_id and held.reseller_id = membership.reseller_id
  left join ${organizations} as organization on organization.id = user.organization_id`;
const from = (callerSql: CallerSql, conditions: SQL) => sql`from ${callerSql.table}
  left join ${requestedReseller(callerSql)}
  left join ${memberships} as membership on membership.reseller_id = reseller.id and ${conditions}
    and exists (select 1 from ${users} as user where user.id = membership.user_id and ${isUserPresentIn(sql`reseller.id`)}
      and ${callerSql.confinedTo(sql`user.organization_id`)})
  ${joined}`;

const findOne = callerQuery((callerSql) => ({
  select: { reseller: RESELLER_ID, member: memberSelected, location: tenantDetailsSelected(sql`reseller.id`) },
  from: from(callerSql, sql`membership.user_id = ${arg('id')}`),
}));

export async function findMember(
  caller: CallerContext,
  resellerId: string,
  id: string,
): Promise<Omit<UserInTenant, 'user' | 'roles'> & { readonly member: Member }> {
  const [{ reseller, member, location }] = await findOne(caller, { resellerId, id });
  requireResellerRow(reseller);
  const { roles: _, ...rest } = location;
  return { member: member ?? refuse(absent('user')), ...rest };
}

const listed = lister(
  {
    ...orderedBy('membership', sql`membership.created_at`),
    id: sql`membership.user_id`,
    confined: sql`membership.user_id in (select own.id from ${users} as own where own.organization_id = caller.within)`,
    table: sql`${memberships} as membership`,
    owner: requestedReseller,
    rows: () => sql`membership.reseller_id = reseller.id`,
    visible: (callerSql) =>
      sql`${isUserPresentIn(sql`membership.reseller_id`)} and ${callerSql.confinedTo(sql`user.organization_id`)}`,
    joined,
    selected: memberSelected,
  },
  requireResellerRow,
);
export const listMembers = (caller: CallerContext, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(caller, list, { resellerId });

const findInvitable = callerQuery((callerSql) => ({
  select: { reseller: RESELLER_ID, user: userSelected },
  from: sql`from ${callerSql.table} left join ${requestedReseller(callerSql)}
    left join ${users} as user on user.email_key = ${arg('emailKey')} and ${isUserPresent} and ${callerSql.confinedTo(sql`null`)}
      and ${callerSql.reaches(sql`user.reseller_id`)}
    left join ${organizations} as organization on organization.id = user.organization_id`,
}));

/** Null unless the caller reaches the user's primary reseller. Refuses `not_found` for this reseller. */
export async function findInvitableUser(
  caller: CallerContext,
  resellerId: string,
  email: string,
): Promise<User | null> {
  const [{ reseller, user }] = await findInvitable(caller, { resellerId, emailKey: addressKey(email) });
  requireResellerRow(reseller);
  return user;
}
