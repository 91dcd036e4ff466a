import { sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { INVITATION_LIFE_MS } from '../../model/limits/index.ts';
import type { Role } from '../../model/users/role.ts';
import type { MembershipState, User } from '../../model/users/user.ts';
import { afterChange } from '../commit/chain.ts';
import { membershipRefusals, memberships, organizations, resellers, users } from '../schema/index.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { membershipState } from '../sql/not-deleted.ts';
import { callerQuery } from '../sql/query.ts';
import { flag, jsonValue, value } from '../sql/selection.ts';
import { arg, type Db } from '../sql/statement.ts';
import { tenantDetailsSelected, type UserInTenant } from './user-in-tenant.ts';
import { userSelected } from './users.ts';

export type OwnMembership = {
  readonly resellerId: string;
  readonly resellerName: string;
  readonly roles: readonly Role[];
  readonly state: MembershipState | null;
  readonly primary: boolean;
  readonly createdAt: number;
};

const list = callerQuery((callerSql) => ({
  select: {
    resellerId: value<string | null>(sql`reseller.id`),
    resellerName: value<string>(sql`reseller.name`),
    roles: jsonValue<Role[]>(sql`membership.roles`),
    state: value<MembershipState | null>(membershipState('membership')),
    primary: flag(sql`reseller.id = user.reseller_id`),
    createdAt: value<number>(sql`membership.created_at`),
  },
  from: sql`from ${callerSql.table} join ${users} as user on user.id = ${arg('callerId')}
    left join ${memberships} as membership on membership.user_id = user.id
      and (membership.accepted_at is not null or membership.created_at > ${arg('invitedAfter')})
    left join ${resellers} as reseller on reseller.id = membership.reseller_id and reseller.deleted_at is null`,
}));

export async function listOwnMemberships(caller: CallerContext): Promise<OwnMembership[]> {
  const rows = await list(caller, { invitedAfter: caller.now - INVITATION_LIFE_MS });
  const found = rows.flatMap(({ resellerId, ...rest }) => (resellerId === null ? [] : { resellerId, ...rest }));
  return found.sort((one, other) => one.createdAt - other.createdAt);
}

const findOne = callerQuery((callerSql) => ({
  select: {
    user: userSelected,
    state: value<MembershipState | null>(membershipState('membership')),
    createdAt: value<number | null>(sql`membership.created_at`),
    location: tenantDetailsSelected(sql`reseller.id`),
  },
  from: sql`from ${callerSql.table} join ${users} as user on user.id = ${arg('callerId')}
    left join ${resellers} as reseller on reseller.id = ${arg('resellerId')} and reseller.deleted_at is null
    left join ${memberships} as membership on membership.user_id = user.id and membership.reseller_id = reseller.id
    left join ${organizations} as organization on organization.id = user.organization_id`,
}));

export type CallerMembership = UserInTenant & Pick<OwnMembership, 'state'>;

/** Also refuses `not_found` for an expired invitation. */
export async function findOwnMembership(caller: CallerContext, resellerId: string): Promise<CallerMembership> {
  const [{ user, state, createdAt, location }] = await findOne(caller, { resellerId });
  if (user === null) refuse({ kind: 'token_invalid' });
  const isCurrent = createdAt !== null && (state !== 'pending' || createdAt > caller.now - INVITATION_LIFE_MS);
  return isCurrent ? { user, state, ...location } : refuse(absent('membership'));
}

const isOwnMembership = sql`membership.user_id = ${arg('callerId')} and membership.reseller_id = ${arg('resellerId')}`;
const isUnchangedCaller = sql`user.id = ${arg('callerId')} and user.updated_at = ${arg('readAt')}`;

const accept = callerStatement(
  (callerSql) => sql`update ${memberships} as membership set accepted_at = ${arg('now')}
    from ${callerSql.table} join ${users} as user on ${isUnchangedCaller} and user.prepared_scopes is null
    join ${resellers} as reseller on reseller.id = ${arg('resellerId')} and reseller.deleted_at is null
    where caller.permitted and ${isOwnMembership} and membership.accepted_at is null`,
);
/** Requires an unchanged user with own credentials. */
export const acceptInvitation = (caller: CallerContext, resellerId: string, { updatedAt: readAt }: User) =>
  accept(caller, { resellerId, readAt, now: caller.now });

const end = callerStatement(
  (callerSql) => sql`delete from ${memberships} as membership where ${isOwnMembership}
    and exists (select 1 from ${callerSql.table} join ${users} as user on ${isUnchangedCaller} and user.reseller_id <> ${arg('resellerId')}
      where caller.permitted)`,
);
/** Also declines an invitation; not for the primary membership. */
export const endOwnMembership = (caller: CallerContext, resellerId: string, { updatedAt: readAt }: User) =>
  end(caller, { resellerId, readAt });

const insertRefusal = afterChange(
  (changed) => sql`insert into ${membershipRefusals} (user_id, reseller_id, refused_at)
    select ${arg('userId')}, ${arg('resellerId')}, ${arg('now')} where ${changed}
    on conflict do update set refused_at = excluded.refused_at`,
);
export const recordRefusalAfter = (
  db: Db,
  refused: { readonly userId: string; readonly resellerId: string; readonly now: number },
) => insertRefusal(db, refused);
