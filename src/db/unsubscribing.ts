import { sql } from 'drizzle-orm';
import type { Origin } from '../model/audit.ts';
import type { Branding } from '../model/branding.ts';
import type { Event } from '../model/event.ts';
import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Subscriber } from '../model/status-update.ts';
import { brandingJoined, brandingSelected, readBranding } from './branding.ts';
import { chargeBehind, recorded } from './budgets.ts';
import { raise } from './commit.ts';
import { assignRoles } from './membership.ts';
import { homeAlive, reachable } from './reachable.ts';
import { memberships, organizations, resellers, users } from './schema.ts';
import { arg, type Session, statement, writtenBytes } from './statement.ts';
import { readUser, userSelected } from './users.ts';

const find = statement(
  () => sql`select ${brandingSelected}, ifnull(membership.roles, '[]'), ${userSelected}
    from ${users} as user
    join ${resellers} as reseller on reseller.id = ${arg('resellerId')} ${brandingJoined}
    left join ${memberships} as membership on membership.user_id = user.id and membership.reseller_id = reseller.id
    left join ${organizations} as organization on organization.id = user.organization_id
    where user.id = ${arg('userId')} and ${reachable} and ${homeAlive}`,
);

/** Somebody with the roles in one reseller, and how that one shows itself. */
export type Subscription = { readonly member: Member; readonly branding: Branding };

/** Whose subscription this is, also where it has ended; null where the user or the reseller is gone. */
export async function findSubscription(session: Session, of: Subscriber): Promise<Subscription | null> {
  const [row] = await find(session, of).raw<unknown[]>();
  if (row === undefined) return null;
  const user = readUser(row, 2);
  return user && { member: { ...user, roles: JSON.parse(String(row[1])) }, branding: readBranding(row[0]) };
}

const move = statement(
  () => sql`update ${users} set updated_at = ${arg('updatedAt')}
    where id = ${arg('userId')} and updated_at = ${arg('readAt')}`,
);

/** Roles that somebody gives up, without a credential. */
export type Resignation = Subscriber & {
  readonly roles: readonly Role[];
  readonly event: Extract<Event, { type: 'reseller.user.updated' }>;
  readonly eventId: string;
  readonly requestId: string;
  readonly origin: Origin;
  readonly now: number;
};

/** Leaves these roles in the one reseller and raises the event there; nothing where the user has changed since. Says which. */
export async function recordResignation(session: Session, resignation: Resignation): Promise<boolean> {
  const { userId, resellerId, roles, event, eventId, requestId, origin, now } = resignation;
  const values = { userId, updatedAt: event.after.updatedAt, readAt: event.before.updatedAt };
  const given = { id: eventId, resellerId, subject: userId, actor: `user:${userId}`, requestId, now, ...origin };
  const left = [
    move(session, values),
    assignRoles(session, { userId, resellerId }, roles),
    raise(session, event, given),
  ];
  const [moved] = await session.batch([
    ...left,
    ...chargeBehind(session, resellerId, recorded(writtenBytes(left)), now),
  ]);
  return (moved?.meta.changes ?? 0) > 0;
}
