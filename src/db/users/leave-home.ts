import { type SQL, sql } from 'drizzle-orm';
import { RELAY_GRACE_MS } from '../../model/limits/index.ts';
import { GUEST_USER_FIELDS, type User } from '../../model/users/user.ts';
import { events, memberships, organizations, resellers, users } from '../schema/index.ts';
import { nextPrimaryReseller } from '../sql/not-deleted.ts';
import { returning } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, insertSelect, statement } from '../sql/statement.ts';
import { moveUserTo } from './rehome.ts';

export type DepartingUser = { readonly eventId: string; readonly user: User };

const leaverRows = sql`json_each(${arg('leavers')})`;
const leaverIds = sql`(select value ->> 'userId' from ${leaverRows})`;

/** `snapshot` without the fields of the primary tenant. */
const guestSnapshot = (snapshot: SQL) =>
  sql`json_set(${snapshot}, '$.disabled', json(iif(membership.disabled_at is null, 'false', 'true')), ${sql.join(
    Object.entries(GUEST_USER_FIELDS).map(([name, value]) => sql`${`$.${name}`}, json(${JSON.stringify(value)})`),
    sql`, `,
  )})`;
/** Keeps the timestamp part of the id. */
const siblingId = (id: SQL) => sql`substr(${id}, 1, 24) || lower(hex(randomblob(6)))`;

const isPrimaryReseller = sql`membership.reseller_id = user.reseller_id`;
const movedAt = sql`max(${arg('now')}, user.updated_at + 1)`;
const guestBefore = guestSnapshot(sql`given.value -> 'before'`);
const guestAfter = sql`json_set(${guestBefore}, '$.resellerId', ${nextPrimaryReseller}, '$.updatedAt', ${movedAt})`;
const invitedBefore = sql`json_set(${guestBefore}, '$.membership', 'pending')`;
// Each live tenant gets an event. The join writes it once for concurrent removals.
const insertDepartureEvents = (leaves: SQL) =>
  returning(() => ({
    give: { id: value<string>(sql`id`) },
    write: insertSelect(
      events,
      ['occurredAt', 'relayAt'],
      sql`from ${leaverRows} as given
        join ${users} as user on user.id = given.value ->> 'userId' and ${leaves}
        join ${memberships} as membership on membership.user_id = user.id
        join ${resellers} as tenant on tenant.id = membership.reseller_id and tenant.deleted_at is null
        left join ${organizations} as organization on organization.id = user.organization_id
        where membership.accepted_at is not null or ${nextPrimaryReseller} is null`,
      {
        id: sql`iif(${isPrimaryReseller}, given.value ->> 'eventId', ${siblingId(sql`given.value ->> 'eventId'`)})`,
        resellerId: sql`membership.reseller_id`,
        type: sql`iif(${isPrimaryReseller} or ${nextPrimaryReseller} is null, 'reseller.user.deleted', 'reseller.user.updated')`,
        actor: sql`iif(${isPrimaryReseller}, organization.deleted_by, 'reseller:' || user.reseller_id)`,
        subject: sql`user.id`,
        before: sql`case when ${isPrimaryReseller} then given.value -> 'before' when membership.accepted_at is null then ${invitedBefore} else ${guestBefore} end`,
        after: sql`iif(${isPrimaryReseller} or ${nextPrimaryReseller} is null, null, ${guestAfter})`,
        requestId: sql`iif(${isPrimaryReseller}, organization.deleted_in, given.value ->> 'eventId')`,
        address: sql`iif(${isPrimaryReseller}, organization.deleted_address, '')`,
        userAgent: sql`iif(${isPrimaryReseller}, organization.deleted_agent, '')`,
      },
    ),
  }));
const moveUsers = (leaves: SQL) =>
  statement(
    () => sql`${moveUserTo(nextPrimaryReseller, movedAt)}
      where user.id in ${leaverIds} and ${nextPrimaryReseller} is not null and ${leaves}`,
  );
const endMemberships = returning(() => ({
  give: { userId: value<string>(sql`user_id`) },
  write: sql`delete from ${memberships} as left_behind
    where (left_behind.user_id, left_behind.reseller_id) in (select value ->> 'userId', value ->> '$.before.resellerId' from ${leaverRows})
      and exists (select 1 from ${users} as user
        where user.id = left_behind.user_id and user.reseller_id <> left_behind.reseller_id)`,
}));
const removeUsers = (leaves: SQL) =>
  returning(() => ({
    give: { id: value<string>(sql`id`) },
    write: sql`delete from ${users} where id in
      (select user.id from ${users} as user where user.id in ${leaverIds} and ${leaves})`,
  }));

/** Removes the users for which `leaves` holds (on the table `user`); one with another accepted membership moves there. */
export function departureStatements(leaves: SQL) {
  return {
    tell: insertDepartureEvents(leaves),
    move: moveUsers(leaves),
    end: endMemberships,
    remove: removeUsers(leaves),
  };
}

export const departureValues = (leavers: readonly DepartingUser[], now: number) => ({
  leavers: JSON.stringify(leavers.map(({ eventId, user }) => ({ eventId, userId: user.id, before: user }))),
  now,
  occurredAt: now,
  relayAt: now + RELAY_GRACE_MS,
});
