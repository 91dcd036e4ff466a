import { sql } from 'drizzle-orm';
import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Scope } from '../model/scope.ts';
import { fullName } from '../model/user.ts';
import type { Call } from './call.ts';
import { askedReseller, callerStatement } from './caller.ts';
import { withKeys } from './named.ts';
import { notRemoved } from './reachable.ts';
import { lastAdmin, overGranted, overTaken } from './rights.ts';
import { memberships, resellers, users } from './schema.ts';
import { arg, assignments, type Session, statement } from './statement.ts';

const lost = sql`select 1 from ${memberships} as lost
  where lost.user_id = ${arg('id')} and lost.reseller_id = ${arg('resellerId')} and ${lastAdmin}`;
const changeable = ['firstName', 'lastName', 'nameKey', 'email', 'emailKey', 'verifiedAt', 'updatedAt'];

const update = callerStatement(
  (who) => sql`update ${users} as user set ${assignments(users, changeable)} from ${who.table}
    join ${askedReseller(who)}
    join ${memberships} as membership on membership.reseller_id = reseller.id and membership.user_id = ${arg('id')}
    where caller.permitted and user.id = ${arg('id')} and user.updated_at = ${arg('readAt')} and ${notRemoved}
      and ${who.within(sql`user.organization_id`)} and not exists (${overGranted}) and not exists (${overTaken})
      and (${arg('keepsRoles')} or ${who.within(sql`null`)}) and (${arg('staysAdmin')} or not exists (${lost}))`,
);

/** The user as it is after a change of itself or of its roles in this reseller; `granted` is what it gains. */
export const updateMember = (
  call: Call,
  member: Member,
  given: {
    readonly resellerId: string;
    readonly readAt: number;
    readonly granted: readonly Scope[];
    readonly keepsRoles: boolean;
  },
) =>
  update(call, {
    ...withKeys({ ...member, name: fullName(member) }),
    ...given,
    granted: JSON.stringify(given.granted),
    keepsRoles: given.keepsRoles ? 1 : 0,
    staysAdmin: member.roles.includes('user.admin') ? 1 : 0,
  });

const assign = statement(
  () => sql`update ${memberships} set roles = ${arg('roles')}
    where user_id = ${arg('userId')} and reseller_id = ${arg('resellerId')} and changes() > 0`,
);
/** The roles in one reseller, to stand behind the write that checks them. */
export const assignRoles = (
  session: Session,
  of: { readonly userId: string; readonly resellerId: string },
  roles: readonly Role[],
) => assign(session, { ...of, roles: JSON.stringify(roles) });

const join = callerStatement(
  (who) => sql`insert into ${memberships} (user_id, reseller_id, roles, created_at)
    select user.id, reseller.id, ${arg('roles')}, ${arg('now')} from ${who.table}
    join ${askedReseller(who)}
    join ${users} as user on user.id = ${arg('id')} and user.updated_at = ${arg('readAt')} and ${notRemoved}
    join ${resellers} as home on home.id = user.reseller_id and home.deleted_at is null and ${who.reaches(sql`home.id`)}
    where caller.permitted and ${who.within(sql`null`)} and not exists (${overGranted})`,
);
/** Makes somebody of another reseller, which the caller must reach as well, a member of this one. */
export const joinReseller = (
  call: Call,
  member: Pick<Member, 'id' | 'roles'>,
  given: { readonly resellerId: string; readonly readAt: number; readonly granted: readonly Scope[] },
) =>
  join(call, {
    ...given,
    id: member.id,
    roles: JSON.stringify(member.roles),
    granted: JSON.stringify(given.granted),
    now: call.now,
  });

const leave = callerStatement(
  (who) => sql`delete from ${memberships} where user_id = ${arg('id')}
    and reseller_id in (select reseller.id from ${who.table}
      join ${askedReseller(who)}
      join ${users} as user on user.id = ${arg('id')} and user.updated_at = ${arg('readAt')} and user.reseller_id <> reseller.id
      where caller.permitted and ${who.within(sql`user.organization_id`)})
    and not exists (${lost})`,
);
/** Ends the membership in a reseller that is not the user's own. */
export const leaveReseller = (
  call: Call,
  id: string,
  given: { readonly resellerId: string; readonly readAt: number },
) => leave(call, { ...given, id });

const touch = statement(
  () => sql`update ${users} set updated_at = ${arg('updatedAt')} where id = ${arg('id')} and changes() > 0`,
);
/** Moves the user's state on, so that whoever read it before reads again; to stand behind a write. */
export const touchUser = (session: Session, { id, updatedAt }: { readonly id: string; readonly updatedAt: number }) =>
  touch(session, { id, updatedAt });
