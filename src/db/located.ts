import { sql } from 'drizzle-orm';
import type { Role } from '../model/role.ts';
import type { User } from '../model/user.ts';
import { memberships, resellers } from './schema.ts';

/** A user in one tenant, and what only the domain needs to know beside that. */
export type Located = {
  readonly user: User;
  /** Its roles in this tenant. */
  readonly roles: readonly Role[];
  /** The other tenants where the user accepted a membership, the oldest first. */
  readonly elsewhere: readonly string[];
  /** Those that wait for the user to accept one. */
  readonly invitedBy: readonly string[];
  /** Scopes of the credential that set the user's password or address; null: the user chose its own credentials. */
  readonly preparedScopes: string | null;
};

const others = (state: string) => sql`(select json_group_array(id) from (select other.reseller_id as id
  from ${memberships} as other join ${resellers} as there on there.id = other.reseller_id and there.deleted_at is null
  where other.user_id = user.id and other.reseller_id <> reseller.id and other.accepted_at ${sql.raw(state)}
  order by other.accepted_at, other.reseller_id))`;

/** All of it but the user in one column, where a query names the tables `user` and `reseller`. */
export const locationSelected = sql`json_object(
  'roles', (select json(own.roles) from ${memberships} as own where own.user_id = user.id and own.reseller_id = reseller.id),
  'elsewhere', ${others('is not null')}, 'invitedBy', ${others('is null')}, 'preparedScopes', user.prepared_scopes)`;

/** The same from that column. */
export function readLocation(column: unknown): Omit<Located, 'user'> {
  const { roles, ...rest } = JSON.parse(String(column));
  return { roles: roles ?? [], ...rest };
}
