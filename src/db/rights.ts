import { type SQL, sql } from 'drizzle-orm';
import {
  ORGANIZATION_ADMIN,
  ORGANIZATION_ADMIN_SCOPES,
  RESELLER_ADMIN,
  RESELLER_ADMIN_SCOPES,
  ROLE_SCOPES,
} from '../model/role.ts';
import { there } from './reachable.ts';
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

/**
 * Whether a user (a table's name) may be signed in to the tenant of its membership: the reseller's own people by their role,
 * a customer's by being let in.
 */
export function mayEnter(user: string, membership: string): SQL {
  const [self, member] = [sql.identifier(user), sql.identifier(membership)];
  return sql`(instr(${member}.roles, '"account.user"') > 0 or (${self}.reseller_id = ${member}.reseller_id
    and ${self}.organization_id is not null and ${self}.allow_customer_portal_access))`;
}

/** Whether the caller lacks a right: by its token, or by what it may still do. */
const unheld = (scope: SQL) => sql`(instr(' ' || caller.scopes || ' ', ' ' || ${scope} || ' ') = 0
  or instr(' ' || ${arg('tokenScopes')} || ' ', ' ' || ${scope} || ' ') = 0)`;

/** The rights that a change gives (JSON, `granted`), as far as the caller has not got them itself. */
export const overGranted = sql`select granted.value from json_each(${arg('granted')}) as granted
  where ${unheld(sql`granted.value`)}`;

/** An `organization-admin`'s, as far as they are more than the caller's: who looks after the same customer has them as well. */
const confined = sql`select scope.value from json_each(${quoted(ORGANIZATION_ADMIN_SCOPES)}) as scope
  where user.role = ${sql.raw(`'${ORGANIZATION_ADMIN}'`)} and user.organization_id is not null
    and caller.within is null and ${unheld(sql`scope.value`)}`;

const behind = (condition: SQL) => sql`select iif(held.reseller_id = user.reseller_id, owned.value, '')
  from ${memberships} as held
  join ${resellers} as there on there.id = held.reseller_id and there.deleted_at is null
  join json_each(${rightsOf('user', 'held')}) as owned
  where held.user_id = user.id and ${condition} and ${unheld(sql`owned.value`)}
  union all ${confined} and ${condition}`;

/**
 * The rights of the table `user`, wherever it is a member, as far as the caller has not got them: whoever can become the user
 * takes them over. Those in another reseller have no name: they are not the caller's to know.
 */
export const behindUser = behind(sql`true`);

/**
 * The same where a change gives the user another `email`: whoever sets that can sign in as the user. What differs in more
 * than the case of ASCII may be another's.
 */
export const overTaken = behind(sql`lower(user.email) <> lower(${arg('email')})`);

/** Whether the table `membership` (its name) is a `user.admin`'s. */
const isAdmin = (membership: string) => sql.raw(`instr(${membership}.roles, '"user.admin"') > 0`);

/** Living resellers (`which` says of the table `bereft` which) without a `user.admin` but those whom `leaving` is true of. */
const withoutAdmin = (which: SQL, leaving: SQL) => sql`select 1 from ${resellers} as bereft
  where ${which} and bereft.deleted_at is null
    and not exists (select 1 from ${memberships} as other join ${users} as user on user.id = other.user_id
      where other.reseller_id = bereft.id and ${isAdmin('other')} and ${there} and not ${leaving})`;

/** Of the table `lost`, a membership: it is that of a living reseller's last `user.admin`. */
export const lastAdmin = sql`${isAdmin('lost')}
  and exists (${withoutAdmin(sql`bereft.id = lost.reseller_id`, sql`(other.user_id = lost.user_id)`)})`;

/** The resellers that lose their last `user.admin` with the organization `id`. Each is looked at once, however many are in it. */
export const lastAdminsInside = withoutAdmin(
  sql`bereft.id in (select lost.reseller_id from ${users} as member join ${memberships} as lost on lost.user_id = member.id
    where member.organization_id = ${arg('id')} and member.admin_count > 0 and ${isAdmin('lost')})`,
  sql`(user.organization_id is ${arg('id')})`,
);
