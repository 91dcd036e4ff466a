import { type SQL, sql } from 'drizzle-orm';
import { arg } from '../sql/statement.ts';

/** The scopes of such a text, as rows. */
export const scopesIn = (text: SQL) => sql`json_each('["' || replace(${text}, ' ', '","') || '"]')`;

/** The scopes that are in both lists; each is a text with spaces between. */
export const intersection = (one: SQL, other: SQL) => sql`(select ifnull(group_concat(scope.value, ' '), '')
  from ${scopesIn(one)} as scope
  where instr(' ' || ${other} || ' ', ' ' || scope.value || ' ') > 0)`;

/** The rights that the caller holds in the whole tenant: what it prepares may have no more without being chosen anew. */
export const callerScopesInTenant = sql`iif(caller.within is null, ${intersection(sql`caller.scopes`, sql`${arg('tokenScopes')}`)}, '')`;
