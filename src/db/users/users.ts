import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import type { RequiredRights } from '../../model/users/required-rights.ts';
import { fullName, type User } from '../../model/users/user.ts';
import { organizationColumns, RESELLER_ID, requireResellerRow } from '../resellers/organizations.ts';
import { memberships, organizations, resellers, users } from '../schema/index.ts';
import { callerScopesInTenant } from '../sessions/prepared-scopes.ts';
import { type CallerSql, callerStatement, requestedReseller, withinReach } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { lister } from '../sql/listing.ts';
import { namedListing, withKeys } from '../sql/named-listing.ts';
import { isOrganizationKept } from '../sql/not-deleted.ts';
import { callerQuery } from '../sql/query.ts';
import { isLastAdmin, missingForNewEmail, missingRights, requiredRightsValues } from '../sql/rights.ts';
import { asJson, columnsOf, type Fields, mapped, record, type Selection } from '../sql/selection.ts';
import { arg, assignments, insertSelect } from '../sql/statement.ts';
import { tenantDetailsSelected, type UserInTenant } from './user-in-tenant.ts';

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
const stamps = ['emailVerifiedAt', 'createdAt', 'updatedAt'] as const;
const userColumns = columnsOf(users, 'user', ['id', 'resellerId', ...details, ...signIn, 'disabled', ...stamps]);
const changeable = ['organizationId', ...details, 'nameKey', 'emailKey', 'updatedAt'];

/** For queries that name the tables `user` and `organization`. */
export const userSelected: Selection<User | null> = mapped(
  record({ user: userColumns, organization: asJson(organizationColumns) }),
  ({ user, organization }) => user && Object.assign(user, { organization }),
);

const userValues = (user: User) => ({
  ...withKeys({ ...user, name: fullName(user) }),
  organizationId: user.organization?.id ?? null,
});

const visible = (callerSql: CallerSql) =>
  sql`user.reseller_id = reseller.id and ${isOrganizationKept} and ${callerSql.confinedTo(sql`user.organization_id`)}`;
const from = (callerSql: CallerSql, conditions: SQL) => sql`from ${callerSql.table}
  left join ${requestedReseller(callerSql)}
  left join ${users} as user on ${visible(callerSql)} and ${conditions}
  left join ${organizations} as organization on organization.id = user.organization_id`;

const findWith = <F extends Fields>(more: F) =>
  callerQuery((callerSql) => ({
    select: { reseller: RESELLER_ID, user: userSelected, ...more },
    from: from(callerSql, sql`user.id = ${arg('id')}`),
  }));

const findLocated = findWith({ location: tenantDetailsSelected(sql`reseller.id`) });
export async function findUserInTenant(caller: CallerContext, resellerId: string, id: string): Promise<UserInTenant> {
  const [{ location, ...found }] = await findLocated(caller, { resellerId, id });
  return { user: foundUser(found), ...location };
}

const findAlone = findWith({});
export async function findUser(caller: CallerContext, resellerId: string, id: string): Promise<User> {
  const [found] = await findAlone(caller, { resellerId, id });
  return foundUser(found);
}

function foundUser({ reseller, user }: { readonly reseller: string | null; readonly user: User | null }): User {
  requireResellerRow(reseller);
  return user ?? refuse(absent('user'));
}

const named = namedListing('user');
const listed = lister(
  {
    ...named,
    table: sql`${users} as user`,
    owner: requestedReseller,
    rows: () => sql`user.reseller_id = reseller.id`,
    visible: (callerSql) => sql`${isOrganizationKept} and ${callerSql.confinedTo(sql`user.organization_id`)}`,
    joined: sql`left join ${organizations} as organization on organization.id = user.organization_id`,
    confined: sql`user.organization_id = caller.within`,
    confinedSort: 'createdAt',
    selected: userSelected,
    texts: {
      ...named.texts,
      organizationId: { column: sql`user.organization_id`, folded: true, finds: 'many' },
      role: { column: sql`user.role`, folded: false },
    },
    times: { ...named.times, lastSeenAt: sql`user.last_login_at` },
  },
  requireResellerRow,
);
export const listUsers = (caller: CallerContext, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(caller, list, { resellerId });

const hasRoom = (table: 'reseller' | 'organization') =>
  sql.raw(`(${table}.allowed_users = -1 or ${table}.user_count - ${table}.disabled_count < ${table}.allowed_users)`);
export const organizationAlive = sql`organization.reseller_id = reseller.id and organization.deleted_at is null`;
const fromOrganization = (callerSql: CallerSql) => sql`from ${callerSql.table}
  join ${requestedReseller(callerSql)}
  left join ${organizations} as organization on organization.id = ${arg('organizationId')} and ${organizationAlive}`;

const insert = callerStatement((callerSql) =>
  insertSelect(
    users,
    ['id', 'resellerId', 'passwordHash', 'preparedAt', ...signIn, 'createdAt', ...changeable],
    sql`${fromOrganization(callerSql)} where caller.permitted and ${hasRoom('reseller')} and ${callerSql.confinedTo(sql`${arg('organizationId')}`)}
      and not exists (${missingRights}) and (${arg('organizationId')} is null or (organization.id is not null and ${hasRoom('organization')}))`,
    { preparedScopes: sql`iif(${arg('preparedAt')} is null, null, ${callerScopesInTenant})` },
  ),
);
/** Requires the `required` rights. Trigger users_joined adds the membership. */
export const insertUser = (
  caller: CallerContext,
  user: User,
  passwordHash: string | null,
  required: RequiredRights,
) => {
  const values = { passwordHash, preparedAt: passwordHash === null ? null : caller.now };
  return insert(caller, { ...userValues(user), ...values, ...requiredRightsValues(required) });
};

/** Seat limits: staying and disabled users take no seat; moving and enabling do. */
export const hasSeat = (organizationId: SQL) => sql`(${arg('disabled')}
  or ((not user.disabled or ${hasRoom('reseller')})
    and (${organizationId} is null or (not user.disabled and user.organization_id is ${organizationId})
      or exists (select 1 from ${organizations} as organization where organization.id = ${organizationId} and ${hasRoom('organization')}))))`;

/** The user is the last `user.admin`. */
export const lastAdminMembership = sql`select 1 from ${memberships} as lost
  where lost.user_id = ${arg('id')} and lost.reseller_id = ${arg('resellerId')} and ${isLastAdmin}`;

const update = callerStatement(
  (callerSql) => sql`update ${users} as user set ${assignments(users, changeable)} ${fromOrganization(callerSql)}
    where caller.permitted and user.id = ${arg('id')} and user.reseller_id = reseller.id and user.updated_at = ${arg('readAt')}
      and ${callerSql.confinedTo(sql`user.organization_id`)} and ${callerSql.confinedTo(sql`${arg('organizationId')}`)}
      and not exists (${missingRights}) and not exists (${missingForNewEmail(callerSql)})
      and (${arg('organizationId')} is null or organization.id is not null) and ${hasSeat(sql`${arg('organizationId')}`)}
      and (not ${arg('disabled')} or not exists (${lastAdminMembership}))`,
);
/**
 * Requires the `required` rights, and all of the user's for a new address. Triggers users_moved_address,
 * users_moved_identities, users_links_voided, users_withdrawn.
 */
export const updateUser = (caller: CallerContext, user: User, readAt: number, required: RequiredRights) =>
  update(caller, { ...userValues(user), disabled: user.disabled ? 1 : 0, readAt, ...requiredRightsValues(required) });

const remove = callerStatement(
  (callerSql) => sql`delete from ${users} where id = ${arg('id')} and updated_at = ${arg('readAt')}
    and not exists (select 1 from ${memberships} as lost where lost.user_id = ${arg('id')} and ${isLastAdmin})
    and reseller_id in (select reseller.id from ${callerSql.table} join ${resellers} as reseller
      on reseller.id = ${arg('resellerId')} and ${withinReach(callerSql)}
      where caller.permitted and ${callerSql.confinedTo(sql`${users}.organization_id`)} and not exists (${missingRights}))`,
);
/** Requires the `required` rights. Trigger users_gone ends the sessions. */
export const removeUser = (caller: CallerContext, user: User, required: RequiredRights) =>
  remove(caller, {
    id: user.id,
    resellerId: user.resellerId,
    readAt: user.updatedAt,
    ...requiredRightsValues(required),
  });
