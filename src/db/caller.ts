import { type SQL, sql } from 'drizzle-orm';
import type { Actor } from '../model/actor.ts';
import { refuse } from '../model/failure.ts';
import type { Call } from './call.ts';
import type { RawRow } from './columns.ts';
import { apiClients, resellers, revokedTokens } from './schema.ts';
import { arg, statement, type Values } from './statement.ts';

/**
 * The caller as a table of one row, or of none where the credential is revoked or its reseller deleted; `permitted`
 * is 0 where the route's scope was withdrawn after the token was issued. Joined to a query it costs no statement.
 */
const callers: Record<Actor['kind'], SQL> = {
  client: client(sql`not exists (select 1 from ${revokedTokens} as gone where gone.jti = ${arg('tokenId')})`),
  key: client(sql`client.secret_hash = ${arg('tokenId')}`),
  issuer: sql`(
    select 1 as permitted
    where ${arg('tenant')} is null
      or exists (select 1 from ${resellers} as home where home.id = ${arg('tenant')} and home.deleted_at is null)
  ) as caller`,
};

/** One of our clients, as long as what it came with is good. */
function client(good: SQL): SQL {
  return sql`(
    select instr(' ' || client.scopes || ' ', ' ' || ${arg('scope')} || ' ') > 0 as permitted
    from ${apiClients} as client left join ${resellers} as home on home.id = client.reseller_id
    where client.id = ${arg('subject')} and client.revoked_at is null and home.deleted_at is null
      and client.reseller_id is ${arg('tenant')} and ${good}
  ) as caller`;
}

/** The caller within a statement: its table for the `from`, and which resellers it reaches. */
export type Who = { readonly table: SQL; readonly reaches: (resellerId: SQL) => SQL };

// Two texts rather than one `or`: each can walk its own index.
const everywhere = () => sql`true`;
const atHome = (resellerId: SQL) => sql`${resellerId} = ${arg('tenant')}`;

/** The table `reseller` joined under these conditions: alive, and within the caller's reach. */
export function withinReach(who: Who): SQL {
  return sql`reseller.deleted_at is null and ${who.reaches(sql`reseller.id`)}`;
}

export type CallerStatement = (call: Call, values: Values) => D1PreparedStatement;

/** A statement that starts from the caller. */
export function callerStatement(build: (who: Who) => SQL): CallerStatement {
  const compile = (table: SQL) => ({
    operator: statement(() => build({ table, reaches: everywhere })),
    reseller: statement(() => build({ table, reaches: atHome })),
  });
  const compiled = { client: compile(callers.client), key: compile(callers.key), issuer: compile(callers.issuer) };
  return ({ session, actor, scope }, values) => {
    const { [actor.reseller === null ? 'operator' : 'reseller']: made } = compiled[actor.kind];
    const caller = { tenant: actor.reseller, scope, subject: actor.subject, tokenId: actor.tokenId };
    return made(session, { ...values, ...caller });
  };
}

/** Runs a caller statement and gives its rows. Refuses a caller without one (401) or without the right (403). */
export async function read(call: Call, prepared: D1PreparedStatement): Promise<RawRow[]> {
  const rows = await prepared.raw();
  admit(call, rows);
  return rows;
}

const alone = callerStatement((who) => sql`select caller.permitted from ${who.table}`);

/** Refuses a caller whose credential or right is gone: what else a guard may have meant comes after. */
export async function admitCaller(call: Call): Promise<void> {
  await read(call, alone(call, {}));
}

/** Judges the caller by the first row, whose first value is `caller.permitted`. */
export function admit(call: Call, [first]: readonly RawRow[]): void {
  if (first === undefined) refuse({ kind: 'token_invalid' }, 'the credential is revoked');
  if (first[0] !== 1) refuse({ kind: 'scope_missing', scope: call.scope }, 'the scope was withdrawn');
}
