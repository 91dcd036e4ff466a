import { sql } from 'drizzle-orm';
import { EXPIRED_INVITATIONS_CHUNK, INVITATION_LIFE_MS, RELAY_GRACE_MS, ROW_BYTES } from '../../model/limits/index.ts';
import { startOfDay } from '../../model/usage/budgets.ts';
import type { Invitation } from '../../model/users/invitation.ts';
import type { Member } from '../../model/users/member.ts';
import type { Role } from '../../model/users/role.ts';
import type { User } from '../../model/users/user.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { events, memberships, organizations, resellers, users } from '../schema/index.ts';
import { query, returning } from '../sql/query.ts';
import { jsonValue, value } from '../sql/selection.ts';
import { arg, type Db, insertSelect, statement } from '../sql/statement.ts';
import { insertCharge, unlimitedCharge } from '../usage/budgets.ts';
import { userSelected } from './users.ts';

const expired = sql`membership.accepted_at is null and membership.created_at <= ${arg('expiredBy')}`;
const find = query(() => ({
  select: {
    resellerId: value<string>(sql`membership.reseller_id`),
    invitedAt: value<number>(sql`membership.created_at`),
    roles: jsonValue<Role[]>(sql`membership.roles`),
    user: userSelected,
  },
  from: sql`from ${memberships} as membership join ${users} as user on user.id = membership.user_id
    left join ${organizations} as organization on organization.id = user.organization_id
    where ${expired} order by membership.created_at limit ${arg('limit')}`,
}));

export type ExpiredInvitation = Invitation & { readonly member: Member };

export async function findExpiredInvitations(db: Db, now: number): Promise<ExpiredInvitation[]> {
  const rows = await find(db, { expiredBy: now - INVITATION_LIFE_MS, limit: EXPIRED_INVITATIONS_CHUNK });
  return rows.flatMap(({ user, roles, ...invited }) =>
    user === null ? [] : { userId: user.id, ...invited, member: { ...user, roles, membership: 'pending' } },
  );
}

const removedRows = sql`json_each(${arg('rows')}) as given`;
// The join requires the invitation, so concurrent runs write its event once.
const insertEvents = returning(() => ({
  give: { id: value<string>(sql`id`) },
  write: insertSelect(
    events,
    ['type', 'actor', 'occurredAt', 'relayAt'],
    sql`from ${removedRows}
      join ${memberships} as membership on membership.user_id = given.value ->> 'userId'
        and membership.reseller_id = given.value ->> 'resellerId' and ${expired}
      join ${resellers} as reseller on reseller.id = membership.reseller_id and reseller.deleted_at is null`,
    {
      id: sql`given.value ->> 'eventId'`,
      resellerId: sql`reseller.id`,
      subject: sql`membership.user_id`,
      before: sql`given.value -> 'before'`,
      requestId: sql`given.value ->> 'eventId'`,
    },
  ),
}));
const remove = statement(
  () => sql`delete from ${memberships} as membership
    where (user_id, reseller_id) in (select value ->> 'userId', value ->> 'resellerId' from ${removedRows}) and ${expired}`,
);
// Concurrent changes must read the user again.
const advanceVersions = statement(
  () => sql`update ${users} set updated_at = max(${arg('now')}, updated_at + 1)
    where id in (select value ->> 'userId' from ${removedRows})`,
);

const charge = afterChange((changed) =>
  insertCharge(
    sql`given.value ->> 'resellerId'`,
    sql`from json_each(${arg('costs')}) as given where ${changed} group by given.value ->> 'resellerId'`,
    { bytes: sql`sum(given.value ->> 'bytes')`, emails: sql`0` },
  ),
);
const sizeOf = (state: User) => Buffer.byteLength(JSON.stringify(state));

export async function removeExpiredInvitations(
  db: Db,
  removed: readonly (Invitation & { readonly eventId: string; readonly before: User })[],
  now: number,
): Promise<{ readonly invitations: number; readonly eventIds: readonly string[] }> {
  const expiredBy = now - INVITATION_LIFE_MS;
  const values = { rows: JSON.stringify(removed), now, expiredBy, relayAt: now + RELAY_GRACE_MS };
  const costs = removed.map(({ resellerId, before }) => ({ resellerId, bytes: ROW_BYTES + sizeOf(before) }));
  const [written, , removedMemberships] = await db.batch([
    ...chain(
      insertEvents.prepare(db, {
        ...values,
        type: 'reseller.user.deleted',
        actor: 'system:invitations',
        occurredAt: now,
      }),
      charge(db, { ...unlimitedCharge(0), day: startOfDay(now), costs: JSON.stringify(costs) }),
    ),
    remove(db, values),
    advanceVersions(db, values),
  ]);
  return {
    invitations: removedMemberships?.meta.changes ?? 0,
    eventIds: insertEvents.read(written).map(({ id }) => id),
  };
}
