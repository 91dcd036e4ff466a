import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../model/failure.ts';
import type { Reseller } from '../model/reseller.ts';
import { ROLES, type Role } from '../model/role.ts';
import type { Call } from './call.ts';
import { callerStatement, read, type Who } from './caller.ts';
import { columnsOf } from './columns.ts';
import { lister } from './listing.ts';
import { orderedBy } from './named.ts';
import { there } from './reachable.ts';
import { resellerColumns } from './resellers.ts';
import { memberships, organizations, resellers, users } from './schema.ts';
import { arg } from './statement.ts';

/** A reseller that may be deleted already, and is then to be purged. */
export type Account = Reseller & { readonly deletedAt: number | null };

const columns = columnsOf(resellers, 'reseller', [...resellerColumns, 'deletedAt']);
/** Also those that are deleted, until they are purged: their own callers are gone, and the operator wants to know. */
const from = (who: Who, conditions: SQL) =>
  sql`from ${who.table} left join ${resellers} as reseller on ${who.reaches(sql`reseller.id`)} and reseller.purged_at is null
    and ${conditions}`;
const one = callerStatement(
  (who) => sql`select caller.permitted, ${columns.selected} ${from(who, sql`reseller.id = ${arg('id')}`)}`,
);

/** The account, or the refusal `not_found`. */
export async function findAccount(call: Call, id: string): Promise<Account> {
  const [row] = await read(call, one(call, { id }));
  return (row && columns.read(row, 1)) ?? refuse(absent('reseller'));
}

/** The accounts within the caller's reach. */
export const listAccounts = lister(
  {
    ...orderedBy('reseller', sql`reseller.created_at`),
    selected: columns.selected,
    from,
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

const holders = ROLES.map((role) => sql.raw(`'${role}', ifnull(sum(instr(membership.roles, '"${role}"') > 0), 0)`));
// Those that the list of members has.
const members = sql`from ${memberships} as membership join ${users} as user on user.id = membership.user_id
  where membership.reseller_id = reseller.id and ${there}`;
const metrics = callerStatement(
  (who) => sql`select caller.permitted, reseller.id, reseller.created_at, reseller.updated_at,
      (select json_object('count', count(*), 'last', max(membership.created_at), 'byRole', json_object(${sql.join(holders, sql`, `)})) ${members}),
      reseller.organization_count,
      (select created_at from ${organizations} as organization
        where organization.reseller_id = reseller.id and organization.deleted_at is null
        order by organization.created_at desc, organization.id desc limit 1)
    ${from(who, sql`reseller.id = ${arg('id')} and reseller.deleted_at is null`)}`,
);

/** Figures of an account, counted now. Refuses `not_found`. */
export async function findMetrics(call: Call, id: string): Promise<Metrics> {
  const [row] = await read(call, metrics(call, { id }));
  if (row === undefined || row[1] === null) return refuse(absent('reseller'));
  const { count, last, byRole } = JSON.parse(String(row[4]));
  return {
    createdAt: Number(row[2]),
    updatedAt: Number(row[3]),
    users: count,
    usersByRole: byRole,
    userCreatedAt: last,
    customers: Number(row[5]),
    customerCreatedAt: row[6] === null ? null : Number(row[6]),
  };
}
