import { sql } from 'drizzle-orm';
import type { Subscriber, SubscriptionChoice } from '../../model/emails/status-update.ts';
import type { AuditEvent, RequestOrigin } from '../../model/events/audit.ts';
import type { Event } from '../../model/events/event.ts';
import { SUBSCRIPTION_CHANGES_MAX } from '../../model/limits/index.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import { type Member, stateFrom } from '../../model/users/member.ts';
import type { Role } from '../../model/users/role.ts';
import type { MembershipState } from '../../model/users/user.ts';
import { auditAfter } from '../commit/audit-entry.ts';
import { chain } from '../commit/chain.ts';
import { insertEventAfter } from '../commit/commit.ts';
import { brandingJoined, brandingSelected } from '../resellers/branding.ts';
import { memberships, organizations, resellers, subscriptionChoices, users } from '../schema/index.ts';
import { isUserPresentIn, membershipState } from '../sql/not-deleted.ts';
import { query } from '../sql/query.ts';
import { jsonValue, value } from '../sql/selection.ts';
import { arg, type Db, statement, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';
import { assignRoles } from '../users/membership.ts';
import { userSelected } from '../users/users.ts';

const find = query(() => ({
  select: {
    choice: value<SubscriptionChoice | null>(sql`said.choice`),
    changes: value<number>(sql`ifnull(said.changes, 0)`),
    roles: jsonValue<Role[] | null>(sql`membership.roles`),
    state: value<MembershipState | null>(membershipState('membership')),
    user: userSelected,
    branding: brandingSelected,
  },
  from: sql`from ${resellers} as reseller ${brandingJoined}
    left join ${subscriptionChoices} as said on said.reseller_id = reseller.id and said.address_hash = ${arg('addressHash')}
    left join ${users} as user on user.id = ${arg('userId')} and ${isUserPresentIn(sql`reseller.id`)}
    left join ${memberships} as membership on membership.user_id = user.id and membership.reseller_id = reseller.id
    left join ${organizations} as organization on organization.id = user.organization_id
    where reseller.id = ${arg('resellerId')} and reseller.deleted_at is null`,
}));

export type Subscription = {
  /** Null: not chosen yet. */
  readonly choice: SubscriptionChoice | null;
  readonly changes: number;
  /** Null: the user is gone. */
  readonly member: Member | null;
  readonly branding: Branding;
};

/** Null if the reseller is gone. */
export async function findSubscription(db: Db, of: Subscriber): Promise<Subscription | null> {
  const [found] = await find(db, of);
  if (found === undefined) return null;
  const { user, roles, state, ...rest } = found;
  return { member: user && { ...user, roles: roles ?? [], ...stateFrom(state) }, ...rest };
}

const upsertChoice = statement(
  () => sql`insert into ${subscriptionChoices} (reseller_id, address_hash, choice, chosen_at)
    select reseller.id, ${arg('addressHash')}, ${arg('choice')}, ${arg('now')} from ${resellers} as reseller
    where reseller.id = ${arg('resellerId')} and reseller.deleted_at is null
    on conflict (reseller_id, address_hash) do update set choice = excluded.choice, chosen_at = excluded.chosen_at,
        changes = changes + 1
      where choice <> excluded.choice and (excluded.choice = 'suppressed' or changes < ${SUBSCRIPTION_CHANGES_MAX})`,
);
const touchUser = statement(
  () => sql`update ${users} set updated_at = ${arg('updatedAt')}
    where id = ${arg('userId')} and updated_at = ${arg('readAt')}`,
);

export type RoleRemoval = {
  readonly roles: readonly Role[];
  readonly event: Extract<Event, { type: 'reseller.user.updated' }>;
  readonly eventId: string;
};

export type SubscriptionChange = Subscriber & {
  readonly choice: SubscriptionChoice;
  readonly roleRemoval: RoleRemoval | null;
  readonly auditId: string;
  readonly requestId: string;
  readonly origin: RequestOrigin;
  readonly now: number;
};

/** False if the user has changed meanwhile, and keeps the roles. */
export async function recordSubscriptionChoice(db: Db, choice: SubscriptionChange): Promise<boolean> {
  const { userId, resellerId, roleRemoval, auditId, requestId, origin, now } = choice;
  const entry = { resellerId, subject: userId, actor: `user:${userId}`, requestId, now, ...origin };
  const audit: AuditEvent = { type: `subscription.${choice.choice}`, details: origin };
  const choosing = chain(upsertChoice(db, choice), auditAfter(db, audit, { ...entry, id: auditId }));
  const roleEvent = roleRemoval && insertEventAfter(db, roleRemoval.event, { ...entry, id: roleRemoval.eventId });
  const charge = unlimitedCharge(writtenBytes(roleEvent === null ? choosing : [...choosing, roleEvent]));
  const recording = [...chain(...choosing, ...chargeAfter(db, resellerId, charge, now))];
  if (roleRemoval === null || roleEvent === null) {
    await db.batch(recording);
    return true;
  }
  const { roles, event } = roleRemoval;
  const results = await db.batch([
    ...recording,
    ...chain(
      touchUser(db, { userId, updatedAt: event.after.updatedAt, readAt: event.before.updatedAt }),
      assignRoles(db, { userId, resellerId }, roles),
      roleEvent,
    ),
  ]);
  return (results[recording.length]?.meta.changes ?? 0) > 0;
}
