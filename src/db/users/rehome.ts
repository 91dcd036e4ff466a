import { type SQL, sql } from 'drizzle-orm';
import type { RequiredRights } from '../../model/users/required-rights.ts';
import { GUEST_USER_FIELDS, type User } from '../../model/users/user.ts';
import { memberships, resellers, users } from '../schema/index.ts';
import { type CallerSql, callerStatement, withinReach } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { nextPrimaryReseller } from '../sql/not-deleted.ts';
import { isLastAdmin, missingRights, requiredRightsValues } from '../sql/rights.ts';
import { arg } from '../sql/statement.ts';

export const lastLoginAtIn = (resellerId: SQL) => sql`(select there.last_login_at from ${memberships} as there
  where there.user_id = user.id and there.reseller_id = ${resellerId})`;

/** `update users … set` for the table `user`, without the fields of the former tenant. */
export const moveUserTo = (
  home: SQL,
  updatedAt: SQL,
) => sql`update ${users} as user set reseller_id = ${home}, organization_id = null,
  role = ${GUEST_USER_FIELDS.role}, company = ${GUEST_USER_FIELDS.company}, job_title = ${GUEST_USER_FIELDS.jobTitle}, phone = ${GUEST_USER_FIELDS.phone},
  allow_customer_portal_access = ${GUEST_USER_FIELDS.allowCustomerPortalAccess ? 1 : 0}, last_login_at = ${lastLoginAtIn(home)},
  updated_at = ${updatedAt}`;

const moveFrom = (
  callerSql: CallerSql,
  allowed: SQL,
) => sql`${moveUserTo(sql`${arg('resellerId')}`, sql`${arg('updatedAt')}`)}
    from ${callerSql.table}
    join ${resellers} as reseller on reseller.id = ${arg('formerId')}
    where caller.permitted and user.id = ${arg('id')} and user.reseller_id = reseller.id and user.updated_at = ${arg('readAt')}
      and ${allowed}
      and ${nextPrimaryReseller} = ${arg('resellerId')}`;
const valuesOf = (before: User, { id, resellerId, updatedAt }: User) => ({
  id,
  resellerId,
  updatedAt,
  formerId: before.resellerId,
  readAt: before.updatedAt,
});

const move = callerStatement((callerSql) =>
  moveFrom(
    callerSql,
    sql`${withinReach(callerSql)} and ${callerSql.confinedTo(sql`user.organization_id`)} and not exists (${missingRights})
      and not exists (select 1 from ${memberships} as lost
        where lost.user_id = user.id and lost.reseller_id = reseller.id and ${isLastAdmin})`,
  ),
);
/** No row where the former tenant would lose its last `user.admin`. */
export const changePrimaryReseller = (caller: CallerContext, before: User, after: User, required: RequiredRights) =>
  move(caller, { ...valuesOf(before, after), ...requiredRightsValues(required) });

const moveOwn = callerStatement((callerSql) => moveFrom(callerSql, sql`user.id = ${arg('callerId')}`));
export const changeOwnPrimaryReseller = (caller: CallerContext, before: User, after: User) =>
  moveOwn(caller, valuesOf(before, after));

const removeOwn = callerStatement(
  (callerSql) => sql`delete from ${users} where id = ${arg('callerId')} and updated_at = ${arg('readAt')}
    and exists (select 1 from ${callerSql.table} where caller.permitted)`,
);
export const removeCurrentUser = (caller: CallerContext, { updatedAt: readAt }: User) => removeOwn(caller, { readAt });
