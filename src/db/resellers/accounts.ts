import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { LIST_EXAMINED_ROWS } from '../../model/limits/index.ts';
import type { Reseller } from '../../model/resellers/reseller.ts';
import { ROLES, type Role } from '../../model/users/role.ts';
import { memberCounts, memberships, organizations, resellers } from '../schema/index.ts';
import type { CallerSql } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { lister } from '../sql/listing.ts';
import { orderedBy } from '../sql/named-listing.ts';
import { callerQuery } from '../sql/query.ts';
import { columnsOf, jsonValue, value } from '../sql/selection.ts';
import { arg, literal } from '../sql/statement.ts';
import { RESELLER_ID, requireResellerRow } from './organizations.ts';
import { resellerColumns } from './resellers.ts';

/** A reseller, possibly deleted but not yet purged. */
export type Account = Reseller & { readonly deletedAt: number | null };

const columns = columnsOf(resellers, 'reseller', [...resellerColumns, 'deletedAt']);
/** Includes deleted resellers, for the operator. */
const from = (callerSql: CallerSql, conditions: SQL) =>
  sql`from ${callerSql.table} left join ${resellers} as reseller on ${callerSql.reaches(sql`reseller.id`)} and reseller.purged_at is null
    and ${conditions}`;
const findOne = callerQuery((callerSql) => ({
  select: { account: columns },
  from: from(callerSql, sql`reseller.id = ${arg('id')}`),
}));

export async function findAccount(caller: CallerContext, id: string): Promise<Account> {
  const [{ account }] = await findOne(caller, { id });
  return account ?? refuse(absent('reseller'));
}

export const listAccounts = lister({
  ...orderedBy('reseller', sql`reseller.created_at`),
  table: sql`${resellers} as reseller`,
  rows: (callerSql) => callerSql.reaches(sql`reseller.id`),
  visible: () => sql`reseller.purged_at is null`,
  selected: columns,
});

/** Times are in milliseconds since the epoch; null: never. */
export type AccountMetrics = {
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly users: number;
  readonly usersByRole: Readonly<Record<Role, number>>;
  readonly userCreatedAt: number | null;
  readonly customers: number;
  readonly customerCreatedAt: number | null;
};

const holders = ROLES.map((role) => sql.raw(`'${role}', counted.${role.replaceAll('.', '_')}`));
const newestMember = sql`(select membership.created_at from ${memberships} as membership where membership.reseller_id = reseller.id
  order by membership.created_at desc, membership.user_id desc limit 1)`;
// Includes deleted organizations until they are purged.
const newestCustomer = sql`(select newest.created_at from (select created_at, deleted_at from ${organizations} as organization
    where organization.reseller_id = ${arg('id')} order by organization.created_at desc, organization.id desc
    limit ${literal(LIST_EXAMINED_ROWS)}) as newest
  where newest.deleted_at is null limit 1)`;
const findMetrics = callerQuery((callerSql) => ({
  select: {
    reseller: RESELLER_ID,
    createdAt: value<number>(sql`reseller.created_at`),
    updatedAt: value<number>(sql`reseller.updated_at`),
    users: value<number>(sql`ifnull(counted.members, 0)`),
    held: jsonValue<Partial<Record<Role, number>>>(
      sql`iif(counted.members is null, '{}', json_object(${sql.join(holders, sql`, `)}))`,
    ),
    userCreatedAt: value<number | null>(newestMember),
    customers: value<number>(sql`reseller.organization_count`),
    customerCreatedAt: value<number | null>(newestCustomer),
  },
  from: sql`${from(callerSql, sql`reseller.id = ${arg('id')} and reseller.deleted_at is null`)}
    left join ${memberCounts} as counted on counted.reseller_id = reseller.id`,
}));

/** Counts members of a deleted customer until they are removed. */
export async function findAccountMetrics(caller: CallerContext, id: string): Promise<AccountMetrics> {
  const [{ reseller, held, ...found }] = await findMetrics(caller, { id });
  requireResellerRow(reseller);
  return {
    ...found,
    usersByRole: Object.fromEntries(ROLES.map((role) => [role, held[role] ?? 0])) as Record<Role, number>,
  };
}
