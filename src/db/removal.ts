import { type SQL, sql } from 'drizzle-orm';
import { dayOf } from '../model/budgets.ts';
import { RELAY_GRACE_MS, REMOVAL_CHUNK_USERS, REMOVAL_SWEEP, ROW_BYTES } from '../model/limits.ts';
import { ABROAD, type User } from '../model/user.ts';
import { charging, recorded } from './budgets.ts';
import { leaving } from './reachable.ts';
import { lastLoginAt, nextHome } from './rehoming.ts';
import { events, memberships, organizations, users } from './schema.ts';
import { arg, type Session, statement, writtenBytes } from './statement.ts';
import { readUser, userSelected } from './users.ts';

const idle = statement(
  () => sql`select id as organizationId from ${organizations}
    where id in ${leaving} and updated_at <= ${arg('before')} limit ${arg('limit')}`,
);

/** Deleted organizations whose users' rows still stand, though nobody has removed any since this time. */
export async function findIdleRemovals(session: Session, before: number): Promise<{ organizationId: string }[]> {
  const { results } = await idle(session, { before, limit: REMOVAL_SWEEP }).all<{ organizationId: string }>();
  return results;
}

const remaining = statement(
  () => sql`select ${userSelected}
    from ${organizations} as organization join ${users} as user on user.organization_id = organization.id
    where organization.id = ${arg('organizationId')} and organization.deleted_at is not null limit ${arg('limit')}`,
);

/** The next users to go with their deleted organization. */
export async function findRemainingUsers(session: Session, organizationId: string): Promise<User[]> {
  const rows = await remaining(session, { organizationId, limit: REMOVAL_CHUNK_USERS }).raw();
  return rows.flatMap((row) => readUser(row, 0) ?? []);
}

/** What other resellers hear of a user: `snapshot` without what is its own reseller's affair. */
export const abroad = (snapshot: SQL) =>
  sql`json_set(${snapshot}, ${sql.join(
    Object.entries(ABROAD).map(([name, value]) => sql`${`$.${name}`}, json(${JSON.stringify(value)})`),
    sql`, `,
  )})`;
/** An id of the same time as `id`, with another end. */
export const anotherId = (id: SQL) => sql`substr(${id}, 1, 24) || lower(hex(randomblob(6)))`;

const atHome = sql`membership.reseller_id = user.reseller_id`;
const movedAt = sql`max(${arg('now')}, user.updated_at + 1)`;
const seenBefore = abroad(sql`given.value -> 'before'`);
const seenAfter = sql`json_set(${seenBefore}, '$.resellerId', ${nextHome}, '$.updatedAt', ${movedAt})`;
const seenInvited = sql`json_set(${seenBefore}, '$.membership', 'pending')`;
// Each tenant hears of it in an event of its own; where the user stays a member, that is an update. The join lets a user's
// events be written only while the row stands, so that two removers write them once.
const logRemoval = statement(
  () => sql`insert into ${events} (id, reseller_id, type, actor, subject, before, after, request_id, address, user_agent,
      occurred_at, relay_at)
    select iif(${atHome}, given.value ->> 'eventId', ${anotherId(sql`given.value ->> 'eventId'`)}), membership.reseller_id,
      iif(${atHome} or ${nextHome} is null, 'reseller.user.deleted', 'reseller.user.updated'),
      iif(${atHome}, organization.deleted_by, 'reseller:' || user.reseller_id), user.id,
      case when ${atHome} then given.value -> 'before' when membership.accepted_at is null then ${seenInvited} else ${seenBefore} end,
      iif(${atHome}, null, iif(${nextHome} is null, null, ${seenAfter})),
      iif(${atHome}, organization.deleted_in, given.value ->> 'eventId'), iif(${atHome}, organization.deleted_address, ''),
      iif(${atHome}, organization.deleted_agent, ''), ${arg('now')}, ${arg('relayAt')}
    from json_each(${arg('rows')}) as given
    join ${users} as user on user.id = given.value ->> 'userId'
    join ${memberships} as membership on membership.user_id = user.id
    join ${organizations} as organization on organization.id = user.organization_id and organization.deleted_at is not null
    where membership.accepted_at is not null or ${nextHome} is null
    returning id`,
);
const given = sql`(select value ->> 'userId' from json_each(${arg('rows')}))`;
const charge = statement(() =>
  charging(
    sql`organization.reseller_id`,
    sql`from ${organizations} as organization where organization.id = ${arg('organizationId')} and changes() > 0`,
  ),
);
const moveUsers = statement(
  () => sql`update ${users} as user set reseller_id = ${nextHome}, organization_id = null, role = ${ABROAD.role},
      company = ${ABROAD.company}, job_title = ${ABROAD.jobTitle}, phone = ${ABROAD.phone},
      allow_customer_portal_access = ${ABROAD.allowCustomerPortalAccess ? 1 : 0}, last_login_at = ${lastLoginAt(nextHome)},
      updated_at = ${movedAt}
    where user.id in ${given} and ${nextHome} is not null
      and user.organization_id in ${leaving}`,
);
const endMemberships = statement(
  () => sql`delete from ${memberships} as left_behind where left_behind.user_id in ${given}
    and left_behind.reseller_id = (select reseller_id from ${organizations} where id = ${arg('organizationId')})
    and exists (select 1 from ${users} as user
      where user.id = left_behind.user_id and user.reseller_id <> left_behind.reseller_id)`,
);
const removeUsers = statement(() => sql`delete from ${users} where id in ${given} and organization_id in ${leaving}`);

const noteProgress = statement(
  () =>
    sql`update ${organizations} set updated_at = ${arg('now')} where id = ${arg('organizationId')} and deleted_at is not null`,
);

/**
 * Removes these users of a deleted organization, or moves them to the tenant where they accepted a membership. Gives the ids
 * of the events.
 */
export async function removeOrganizationUsers(
  session: Session,
  organizationId: string,
  removed: readonly { readonly eventId: string; readonly user: User }[],
  now: number,
): Promise<string[]> {
  const rows = removed.map(({ eventId, user }) => ({ eventId, userId: user.id, before: user }));
  const values = { rows: JSON.stringify(rows), organizationId, now, relayAt: now + RELAY_GRACE_MS };
  const log = logRemoval(session, values);
  const bytes = writtenBytes([log]) + rows.length * ROW_BYTES;
  const [logged] = await session.batch<{ id: string }>([
    log,
    charge(session, { ...recorded(bytes), organizationId, day: dayOf(now) }),
    moveUsers(session, values),
    endMemberships(session, values),
    removeUsers(session, values),
    noteProgress(session, values),
  ]);
  return (logged?.results ?? []).map(({ id }) => id);
}
