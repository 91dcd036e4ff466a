import { type SQL, sql } from 'drizzle-orm';
import { arg } from '../sql/statement.ts';

export const scopesIn = (text: SQL) => sql`json_each('["' || replace(${text}, ' ', '","') || '"]')`;

export const intersection = (one: SQL, other: SQL) => sql`(select ifnull(group_concat(scope.value, ' '), '')
  from ${scopesIn(one)} as scope
  where instr(' ' || ${other} || ' ', ' ' || scope.value || ' ') > 0)`;

/** The caller's scopes, for a user's `prepared_scopes`; empty for a caller confined to one organization. */
export const callerScopesInTenant = sql`iif(caller.within is null, ${intersection(sql`caller.scopes`, sql`${arg('tokenScopes')}`)}, '')`;
