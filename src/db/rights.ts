import { type SQL, sql } from 'drizzle-orm';
import { RESELLER_ADMIN, RESELLER_ADMIN_SCOPES, ROLE_SCOPES } from '../model/role.ts';
import { notRemoved } from './reachable.ts';
import { memberships, resellers, users } from './schema.ts';
import { arg } from './statement.ts';

const quoted = (value: unknown) => sql.raw(`'${JSON.stringify(value)}'`);
const everything = quoted(RESELLER_ADMIN_SCOPES);
const catalogue = quoted(ROLE_SCOPES);

/** The rights that a user (a table's name) has by a membership in its tenant, as a JSON array: account roles and v3's word. */
export function rightsOf(user: string, membership: string): SQL {
  const [self, member] = [sql.identifier(user), sql.identifier(membership)];
  return sql`iif(${self}.role = ${sql.raw(`'${RESELLER_ADMIN}'`)} and ${self}.reseller_id = ${member}.reseller_id, ${everything},
    (select json_group_array(scope.value) from json_each(${member}.roles) as held
      join json_each(${catalogue}, '$."' || held.value || '"') as scope))`;
}

/** Whether the caller lacks a right: by its token, or by what it may still do. */
const unheld = (scope: SQL) => sql`(instr(' ' || caller.scopes || ' ', ' ' || ${scope} || ' ') = 0
  or instr(' ' || ${arg('tokenScopes')} || ' ', ' ' || ${scope} || ' ') = 0)`;

/** The rights that a change gives (JSON, `granted`), as far as the caller has not got them itself. */
export const overGranted = sql`select granted.value from json_each(${arg('granted')}) as granted
  where ${unheld(sql`granted.value`)}`;

/**
 * The rights of the table `user`, as far as the caller has not got them, where a change gives it another address (`emailKey`):
 * whoever sets that can sign in as the user.
 */
export const overTaken = sql`select owned.value from ${memberships} as home
  join json_each(${rightsOf('user', 'home')}) as owned
  where home.user_id = user.id and home.reseller_id = user.reseller_id and user.email_key <> ${arg('emailKey')}
    and ${unheld(sql`owned.value`)}`;

const isAdmin = (membership: string) => sql.raw(`instr(${membership}.roles, '"user.admin"') > 0`);

/**
 * Of the table `lost`, a membership: it is a `user.admin`'s, and a living reseller has no other. Where the user (a table's
 * name) goes with its whole organization, the others in there do not count.
 */
export function lastAdmin(leaving?: string): SQL {
  const staying = leaving === undefined ? sql`true` : sql.raw(`user.organization_id is not ${leaving}.organization_id`);
  return sql`${isAdmin('lost')}
    and exists (select 1 from ${resellers} as bereft where bereft.id = lost.reseller_id and bereft.deleted_at is null)
    and not exists (select 1 from ${memberships} as other join ${users} as user on user.id = other.user_id
      join ${resellers} as home on home.id = user.reseller_id and home.deleted_at is null
      where other.reseller_id = lost.reseller_id and other.user_id <> lost.user_id and ${isAdmin('other')}
        and ${notRemoved} and ${staying})`;
}
