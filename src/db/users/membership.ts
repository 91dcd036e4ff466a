import { sql } from 'drizzle-orm';
import { REFUSAL_COOLDOWN_MS } from '../../model/limits/index.ts';
import type { Member } from '../../model/users/member.ts';
import type { RequiredRights } from '../../model/users/required-rights.ts';
import type { Role } from '../../model/users/role.ts';
import { fullName } from '../../model/users/user.ts';
import { isAudited } from '../commit/audit-entry.ts';
import { afterChange } from '../commit/chain.ts';
import { membershipRefusals, memberships, users } from '../schema/index.ts';
import { callerStatement, requestedReseller } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { withKeys } from '../sql/named-listing.ts';
import { isUserPresent, isUserPresentIn } from '../sql/not-deleted.ts';
import { missingForNewEmail, missingRights, requiredRightsValues } from '../sql/rights.ts';
import { arg, assignments, type Db, statement } from '../sql/statement.ts';
import { hasSeat, lastAdminMembership } from './users.ts';

const changeable = ['firstName', 'lastName', 'nameKey', 'email', 'emailKey', 'verifiedAt', 'updatedAt'];

const update = callerStatement(
  (callerSql) => sql`update ${users} as user set ${assignments(users, changeable)} from ${callerSql.table}
    join ${requestedReseller(callerSql)}
    join ${memberships} as membership on membership.reseller_id = reseller.id and membership.user_id = ${arg('id')}
    where caller.permitted and user.id = ${arg('id')} and user.updated_at = ${arg('readAt')} and ${isUserPresentIn(sql`reseller.id`)}
      and ${callerSql.confinedTo(sql`user.organization_id`)} and not exists (${missingRights}) and not exists (${missingForNewEmail(callerSql)})
      and (${arg('keepsRoles')} or ${callerSql.confinedTo(sql`null`)}) and (${arg('staysAdmin')} or not exists (${lastAdminMembership}))
      and (user.reseller_id <> reseller.id or ${hasSeat(sql`user.organization_id`)})`,
);

/** Requires the `required` rights. Triggers on a new address: users_moved_address, users_moved_identities, users_links_voided. */
export const updateMember = (
  caller: CallerContext,
  member: Member,
  {
    resellerId,
    readAt,
    required,
    keepsRoles,
  }: {
    readonly resellerId: string;
    readonly readAt: number;
    readonly required: RequiredRights;
    readonly keepsRoles: boolean;
  },
) =>
  update(caller, {
    ...withKeys({ ...member, name: fullName(member) }),
    resellerId,
    readAt,
    ...requiredRightsValues(required),
    keepsRoles: keepsRoles ? 1 : 0,
    disabled: member.membership === 'disabled' ? 1 : 0,
    staysAdmin: member.roles.includes('user.admin') && member.membership !== 'disabled' ? 1 : 0,
  });

const assign = afterChange(
  (changed) => sql`update ${memberships} set roles = ${arg('roles')}
    where user_id = ${arg('userId')} and reseller_id = ${arg('resellerId')} and ${changed}`,
);
/** Triggers memberships_withdrawn, memberships_links_voided. */
export const assignRoles = (
  db: Db,
  of: { readonly userId: string; readonly resellerId: string },
  roles: readonly Role[],
) => assign(db, { ...of, roles: JSON.stringify(roles) });

const disable = afterChange(
  (changed) => sql`update ${memberships} set disabled_at = iif(${arg('disabled')}, ${arg('now')}, null)
    where user_id = ${arg('userId')} and reseller_id = ${arg('resellerId')} and ${changed}`,
);
/** Trigger memberships_disabled. */
export const disableMembership = (
  { db, now }: Pick<CallerContext, 'db' | 'now'>,
  of: { readonly userId: string; readonly resellerId: string },
  disabled: boolean,
) => disable(db, { ...of, now, disabled: disabled ? 1 : 0 });

const join = callerStatement(
  (callerSql) => sql`insert into ${memberships} (user_id, reseller_id, roles, created_at)
    select user.id, reseller.id, ${arg('roles')}, ${arg('now')} from ${callerSql.table}
    join ${requestedReseller(callerSql)}
    join ${users} as user on user.id = ${arg('id')} and user.updated_at = ${arg('readAt')} and ${isUserPresent} and ${callerSql.reaches(sql`user.reseller_id`)}
    where caller.permitted and ${callerSql.confinedTo(sql`null`)} and not exists (${missingRights})
      and not exists (select 1 from ${membershipRefusals} as refused where refused.user_id = user.id
        and refused.reseller_id = reseller.id and refused.refused_at > ${arg('refusedAfter')})`,
);
/** The caller must also reach the user's primary reseller. */
export const insertMembership = (
  caller: CallerContext,
  member: Pick<Member, 'id' | 'roles'>,
  { required, ...given }: { readonly resellerId: string; readonly readAt: number; readonly required: RequiredRights },
) =>
  join(caller, {
    ...given,
    ...requiredRightsValues(required),
    id: member.id,
    roles: JSON.stringify(member.roles),
    now: caller.now,
    refusedAfter: caller.now - REFUSAL_COOLDOWN_MS,
  });

const leave = callerStatement(
  (callerSql) => sql`delete from ${memberships} where user_id = ${arg('id')}
    and reseller_id in (select reseller.id from ${callerSql.table}
      join ${requestedReseller(callerSql)}
      join ${users} as user on user.id = ${arg('id')} and user.updated_at = ${arg('readAt')} and user.reseller_id <> reseller.id
      where caller.permitted and ${callerSql.confinedTo(sql`user.organization_id`)} and not exists (${missingRights}))
    and not exists (${lastAdminMembership})`,
);
/** Not for the primary membership. */
export const leaveReseller = (
  caller: CallerContext,
  id: string,
  { required, ...given }: { readonly resellerId: string; readonly readAt: number; readonly required: RequiredRights },
) => leave(caller, { ...given, ...requiredRightsValues(required), id });

const end = afterChange(
  (changed) => sql`delete from ${memberships}
    where user_id = ${arg('userId')} and reseller_id = ${arg('resellerId')} and ${changed}`,
);
/** Trigger memberships_left ends the sessions. */
export const endMembershipAfter = (db: Db, of: { readonly userId: string; readonly resellerId: string }) => end(db, of);

const cancel = statement(
  () => sql`delete from ${memberships} where user_id = ${arg('userId')} and accepted_at is null and ${isAudited}`,
);
export const cancelInvitationsWithEntry = (db: Db, entry: string, userId: string) => cancel(db, { entry, userId });

const touch = afterChange(
  (changed) => sql`update ${users} set updated_at = ${arg('updatedAt')} where id = ${arg('id')} and ${changed}`,
);
/** Forces concurrent changes to read the user again. */
export const advanceUserVersion = (db: Db, { id, updatedAt }: { readonly id: string; readonly updatedAt: number }) =>
  touch(db, { id, updatedAt });
