import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { LIST_EXAMINED_ROWS } from '../../model/limits/index.ts';
import type { Reseller } from '../../model/resellers/reseller.ts';
import { ROLES, type Role } from '../../model/users/role.ts';
import { memberCounts, memberships, organizations, resellers } from '../schema/index.ts';
import { type CallerSql, callerStatement, read } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { columnsOf } from '../sql/columns.ts';
import { lister } from '../sql/listing.ts';
import { orderedBy } from '../sql/named-listing.ts';
import { arg, literal } from '../sql/statement.ts';
import { resellerColumns } from './resellers.ts';

/** A reseller that may be deleted already, and is then to be purged. */
export type Account = Reseller & { readonly deletedAt: number | null };

const columns = columnsOf(resellers, 'reseller', [...resellerColumns, 'deletedAt']);
/** Also those that are deleted, until they are purged: their own callers are gone, and the operator wants to know. */
const from = (callerSql: CallerSql, conditions: SQL) =>
  sql`from ${callerSql.table} left join ${resellers} as reseller on ${callerSql.reaches(sql`reseller.id`)} and reseller.purged_at is null
    and ${conditions}`;
const one = callerStatement(
  (callerSql) => sql`select caller.permitted, ${columns.selected} ${from(callerSql, sql`reseller.id = ${arg('id')}`)}`,
);

/** The account, or the refusal `not_found`. */
export async function findAccount(caller: CallerContext, id: string): Promise<Account> {
  const [row] = await read(caller, one(caller, { id }));
  return (row && columns.read(row, 1)) ?? refuse(absent('reseller'));
}

/** The accounts within the caller's reach. */
export const listAccounts = lister(
  {
    ...orderedBy('reseller', sql`reseller.created_at`),
    table: sql`${resellers} as reseller`,
    rows: (callerSql) => callerSql.reaches(sql`reseller.id`),
    visible: () => sql`reseller.purged_at is null`,
    selected: columns.selected,
  },
  columns.read,
);

/** What there is of an account. Times are milliseconds since the epoch; null: never. */
export type Metrics = {
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
// Deleted ones stand among them for a while.
const newestCustomer = sql`(select newest.created_at from (select created_at, deleted_at from ${organizations} as organization
    where organization.reseller_id = ${arg('id')} order by organization.created_at desc, organization.id desc
    limit ${literal(LIST_EXAMINED_ROWS)}) as newest
  where newest.deleted_at is null limit 1)`;
const metrics = callerStatement(
  (
    callerSql,
  ) => sql`select caller.permitted, reseller.id, reseller.created_at, reseller.updated_at, ifnull(counted.members, 0),
      iif(counted.members is null, '{}', json_object(${sql.join(holders, sql`, `)})), ${newestMember},
      reseller.organization_count, ${newestCustomer}
    ${from(callerSql, sql`reseller.id = ${arg('id')} and reseller.deleted_at is null`)}
    left join ${memberCounts} as counted on counted.reseller_id = reseller.id`,
);

/** Figures of an account. Members of a deleted customer count until they are gone. Refuses `not_found`. */
export async function findMetrics(caller: CallerContext, id: string): Promise<Metrics> {
  const [row] = await read(caller, metrics(caller, { id }));
  if (row === undefined || row[1] === null) return refuse(absent('reseller'));
  const held = JSON.parse(String(row[5]));
  const usersByRole = Object.fromEntries(ROLES.map((role) => [role, Number(held[role] ?? 0)])) as Record<Role, number>;
  return {
    createdAt: Number(row[2]),
    updatedAt: Number(row[3]),
    users: Number(row[4]),
    usersByRole,
    userCreatedAt: row[6] === null ? null : Number(row[6]),
    customers: Number(row[7]),
    customerCreatedAt: row[8] === null ? null : Number(row[8]),
  };
}
