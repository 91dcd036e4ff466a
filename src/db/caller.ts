import { type SQL, sql } from 'drizzle-orm';
import type { Actor } from '../model/actor.ts';
import { refuse } from '../model/failure.ts';
import type { Call } from './call.ts';
import { apiClients, resellers, revokedTokens } from './schema.ts';
import { arg, type Statement, statement, type Values } from './statement.ts';

/**
 * The caller as a table of one row, or of none where the credential is revoked or its reseller deleted; `permitted`
 * is 0 where the route's scope was withdrawn after the token was issued. Joined to a query it costs no statement.
 */
const callers: Record<Actor['kind'], SQL> = {
  client: sql`(
    select instr(' ' || client.scopes || ' ', ' ' || ${arg('scope')} || ' ') > 0 as permitted
    from ${apiClients} as client left join ${resellers} as home on home.id = client.reseller_id
    where client.id = ${arg('subject')} and client.revoked_at is null and home.deleted_at is null
      and client.reseller_id is ${arg('tenant')}
      and not exists (select 1 from ${revokedTokens} as gone where gone.jti = ${arg('tokenId')})
  ) as caller`,
  issuer: sql`(
    select 1 as permitted
    where ${arg('tenant')} is null
      or exists (select 1 from ${resellers} as home where home.id = ${arg('tenant')} and home.deleted_at is null)
  ) as caller`,
};

/** `reseller` is the one the route names, if it lives and is within the caller's reach. */
export const withinReach = sql`reseller.deleted_at is null and (${arg('tenant')} is null or reseller.id = ${arg('tenant')})`;

/** A row of a caller statement. */
export type Row = Readonly<Record<string, unknown>> & { readonly permitted: number };
export type CallerStatement = (call: Call, values: Values) => D1PreparedStatement;

/** A statement that starts from the caller: `build` gets the table `caller` to put into its `from`. */
export function callerStatement(build: (caller: SQL) => SQL): CallerStatement {
  const compiled: Record<Actor['kind'], Statement> = {
    client: statement(() => build(callers.client)),
    issuer: statement(() => build(callers.issuer)),
  };
  return (call, values) =>
    compiled[call.actor.kind](call.session, {
      ...values,
      tenant: call.actor.reseller,
      scope: call.scope,
      subject: call.actor.subject,
      tokenId: call.actor.tokenId,
    });
}

/** Refuses a caller without a row (401) or without the right (403); else gives the first row back. */
export function admitted(call: Call, rows: readonly Row[]): Row {
  const row = rows[0];
  if (row === undefined) refuse({ kind: 'token_invalid' }, 'the credential is revoked');
  if (row.permitted !== 1) refuse({ kind: 'scope_missing', scope: call.scope }, 'the scope was withdrawn');
  return row;
}

/** Runs one caller statement and gives its rows, the first of which is the caller admitted. */
export async function read(call: Call, prepared: D1PreparedStatement): Promise<Row[]> {
  const { results } = await prepared.all<Row>();
  admitted(call, results);
  return results;
}
