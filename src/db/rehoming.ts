import { type SQL, sql } from 'drizzle-orm';
import type { RequiredRights } from '../model/required-rights.ts';
import type { User } from '../model/user.ts';
import type { Call } from './call.ts';
import { callerStatement, type Who, withinReach } from './caller.ts';
import { lastAdmin, overGranted, requiring } from './rights.ts';
import { memberships, resellers, users } from './schema.ts';
import { arg, assignments } from './statement.ts';
import { rowOf } from './users.ts';

const atHome = [
  'resellerId',
  'organizationId',
  'role',
  'company',
  'jobTitle',
  'phone',
  'allowCustomerPortalAccess',
  'updatedAt',
];

/**
 * The tenant that becomes the primary one of the table `user` when the present one lets it go: the oldest that was accepted,
 * an enabled one first;
 * null: there is none.
 */
export const nextHome = sql`(select substr(min((1 - there.enabled) || printf('%016d', next.accepted_at) || next.reseller_id), 18)
  from ${memberships} as next join ${resellers} as there on there.id = next.reseller_id and there.deleted_at is null
  where next.user_id = user.id and next.reseller_id <> user.reseller_id and next.accepted_at is not null)`;

/** When the table `user` last signed in to a tenant that is not its own. */
export const lastLoginAt = (resellerId: SQL) => sql`(select there.last_login_at from ${memberships} as there
  where there.user_id = user.id and there.reseller_id = ${resellerId})`;

const moving = (
  who: Who,
  allowed: SQL,
) => sql`update ${users} as user set ${assignments(users, atHome)}, last_login_at = ${lastLoginAt(sql`${arg('resellerId')}`)}
    from ${who.table}
    join ${resellers} as reseller on reseller.id = ${arg('formerId')}
    where caller.permitted and user.id = ${arg('id')} and user.reseller_id = reseller.id and user.updated_at = ${arg('readAt')}
      and ${allowed}
      and ${nextHome} = ${arg('resellerId')}
      and not exists (select 1 from ${memberships} as lost
        where lost.user_id = user.id and lost.reseller_id = reseller.id and ${lastAdmin})`;
const valuesOf = (before: User, after: User) => ({
  ...rowOf(after),
  formerId: before.resellerId,
  readAt: before.updatedAt,
});

const move = callerStatement((who) =>
  moving(who, sql`${withinReach(who)} and ${who.within(sql`user.organization_id`)} and not exists (${overGranted})`),
);
/** Makes another of the user's tenants its primary one. The caller must hold the `required` rights. */
export const moveUser = (call: Call, before: User, after: User, required: RequiredRights) =>
  move(call, { ...valuesOf(before, after), ...requiring(required) });

const moveOwn = callerStatement((who) => moving(who, sql`user.id = ${arg('callerId')}`));
/** The same for the caller itself. */
export const moveSelf = (call: Call, before: User, after: User) => moveOwn(call, valuesOf(before, after));

const removeOwn = callerStatement(
  (who) => sql`delete from ${users} where id = ${arg('callerId')} and updated_at = ${arg('readAt')}
    and exists (select 1 from ${who.table} where caller.permitted)
    and not exists (select 1 from ${memberships} as lost where lost.user_id = ${arg('callerId')} and ${lastAdmin})`,
);
/** Deletes the caller itself, unless a tenant would lose its last `user.admin`. */
export const removeSelf = (call: Call, { updatedAt: readAt }: User) => removeOwn(call, { readAt });
