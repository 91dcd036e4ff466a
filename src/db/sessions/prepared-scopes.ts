import { type SQL, sql } from 'drizzle-orm';
import { arg } from '../sql/statement.ts';

export const scopesIn = (text: SQL) => sql`json_each('["' || replace(${text}, ' ', '","') || '"]')`;

/** Both are lists separated by spaces. */
export const intersection = (one: SQL, other: SQL) => sql`(select ifnull(group_concat(scope.value, ' '), '')
  from ${scopesIn(one)} as scope
  where instr(' ' || ${other} || ' ', ' ' || scope.value || ' ') > 0)`;

/** Rights of the caller in the whole tenant: the limit of what it prepares for a user. */
export const callerScopesInTenant = sql`iif(caller.within is null, ${intersection(sql`caller.scopes`, sql`${arg('tokenScopes')}`)}, '')`;
