import { sql } from 'drizzle-orm';
import { REMOVAL_CHUNK_USERS, REMOVAL_SWEEP_ROWS, ROW_BYTES } from '../../model/limits/index.ts';
import { startOfDay } from '../../model/usage/budgets.ts';
import type { User } from '../../model/users/user.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { organizations, users } from '../schema/index.ts';
import { organizationsBeingDeleted } from '../sql/not-deleted.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, statement, writtenBytes } from '../sql/statement.ts';
import { insertCharge, unlimitedCharge } from '../usage/budgets.ts';
import { type DepartingUser, departureStatements, departureValues } from './leave-home.ts';
import { userSelected } from './users.ts';

const findIdle = query(() => ({
  select: { organizationId: value<string>(sql`id`) },
  from: sql`from ${organizations} where id in ${organizationsBeingDeleted} and updated_at <= ${arg('before')} limit ${arg('limit')}`,
}));

/** Without progress since `before`. */
export const findIdleRemovals = (db: Db, before: number) => findIdle(db, { before, limit: REMOVAL_SWEEP_ROWS });

const findRemaining = query(() => ({
  select: { user: userSelected },
  from: sql`from ${organizations} as organization join ${users} as user on user.organization_id = organization.id
    where organization.id = ${arg('organizationId')} and organization.deleted_at is not null limit ${arg('limit')}`,
}));

export async function findRemainingUsers(db: Db, organizationId: string): Promise<User[]> {
  const rows = await findRemaining(db, { organizationId, limit: REMOVAL_CHUNK_USERS });
  return rows.flatMap(({ user }) => user ?? []);
}

const { tell, move, end, remove } = departureStatements(sql`user.organization_id in ${organizationsBeingDeleted}`);
const charge = afterChange((changed) =>
  insertCharge(
    sql`organization.reseller_id`,
    sql`from ${organizations} as organization where organization.id = ${arg('organizationId')} and ${changed}`,
  ),
);
const touchOrganization = statement(
  () =>
    sql`update ${organizations} set updated_at = ${arg('now')} where id = ${arg('organizationId')} and deleted_at is not null`,
);

/** Moves users with another accepted membership. Returns event ids. */
export async function removeOrganizationUsers(
  db: Db,
  organizationId: string,
  leavers: readonly DepartingUser[],
  now: number,
): Promise<string[]> {
  const values = { ...departureValues(leavers, now), organizationId };
  const insertion = tell.prepare(db, values);
  const bytes = writtenBytes([insertion]) + leavers.length * ROW_BYTES;
  const [written] = await db.batch([
    ...chain(insertion, charge(db, { ...unlimitedCharge(bytes), organizationId, day: startOfDay(now) })),
    move(db, values),
    end.prepare(db, values),
    remove.prepare(db, values),
    touchOrganization(db, values),
  ]);
  return tell.read(written).map(({ id }) => id);
}
