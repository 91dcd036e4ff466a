import { type SQL, sql } from 'drizzle-orm';
import type { Role } from '../../model/users/role.ts';
import type { User } from '../../model/users/user.ts';
import { memberships, resellers } from '../schema/index.ts';
import { isMembershipKept } from '../sql/not-deleted.ts';
import { jsonValue, mapped, type Selection } from '../sql/selection.ts';

export type OtherMembership = { readonly resellerId: string; readonly disabled: boolean };

export type UserInTenant = {
  readonly user: User;
  readonly roles: readonly Role[];
  /** Other accepted memberships, the next primary tenant first. */
  readonly otherMemberships: readonly OtherMembership[];
  /** Tenants with a pending invitation. */
  readonly invitedBy: readonly string[];
  /** Scopes that set the password or address; null: the user's own choice. */
  readonly preparedScopes: string | null;
};

const otherMembershipRows = (
  resellerId: SQL,
) => sql`(select json_group_array(json_array(other.accepted_at, other.reseller_id,
    not there.enabled, other.disabled_at is not null))
  from ${memberships} as other join ${resellers} as there on there.id = other.reseller_id and there.deleted_at is null
  where other.user_id = user.id and other.reseller_id <> ${resellerId} and ${isMembershipKept(sql`other.reseller_id`)})`;

/** All but the user, as one column. */
export const tenantDetailsSelected = (resellerId: SQL): Selection<Omit<UserInTenant, 'user'>> =>
  mapped(
    jsonValue<TenantDetailsRow>(sql`json_object(
      'roles', (select json(own.roles) from ${memberships} as own where own.user_id = user.id and own.reseller_id = ${resellerId}),
      'others', ${otherMembershipRows(resellerId)}, 'preparedScopes', user.prepared_scopes)`),
    tenantDetailsFrom,
  );

type OtherMembershipRow = readonly [acceptedAt: number | null, resellerId: string, closed: 0 | 1, disabled: 0 | 1];
type TenantDetailsRow = {
  readonly roles: readonly Role[] | null;
  readonly others: readonly OtherMembershipRow[];
  readonly preparedScopes: string | null;
};

function tenantDetailsFrom({ roles, others, preparedScopes }: TenantDetailsRow): Omit<UserInTenant, 'user'> {
  const accepted = others.flatMap(([acceptedAt, id, closed, disabled]) =>
    acceptedAt === null ? [] : [{ acceptedAt, id, disabled: disabled === 1, idle: closed | disabled }],
  );
  accepted.sort(
    (one, other) => one.idle - other.idle || one.acceptedAt - other.acceptedAt || (one.id < other.id ? -1 : 1),
  );
  return {
    roles: roles ?? [],
    otherMemberships: accepted.map(({ id, disabled }) => ({ resellerId: id, disabled })),
    invitedBy: others.flatMap(([acceptedAt, id]) => (acceptedAt === null ? id : [])),
    preparedScopes,
  };
}
