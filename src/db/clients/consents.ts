import { type SQL, sql } from 'drizzle-orm';
import type { AuditDetails } from '../../model/events/audit.ts';
import { CONSENTS_SHOWN_MAX } from '../../model/limits/index.ts';
import { auditAfter, auditEntryBy, isAudited } from '../commit/audit-entry.ts';
import { chain, type GuardedStatement } from '../commit/chain.ts';
import { apiClients, authorizationCodes, consents, users } from '../schema/index.ts';
import { isConsentValid } from '../sessions/authorize.ts';
import { sessionEndBy, updateEnded } from '../sessions/sessions.ts';
import { type CallerSql, callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, statement } from '../sql/statement.ts';

export type Consent = {
  readonly id: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly resellerId: string;
  readonly scopes: readonly string[];
  readonly grantedAt: number;
};

const callerJoined = sql`${users} as user on user.id = ${arg('callerId')}`;
const isClientVisible = sql`(client.reseller_id = ${arg('tenant')} or user.reseller_id = ${arg('tenant')})`;

const list = callerQuery((callerSql) => ({
  select: {
    id: value<string>(sql`consent.id`),
    clientId: value<string | null>(sql`client.id`),
    clientName: value<string>(sql`client.name`),
    resellerId: value<string>(sql`client.reseller_id`),
    scope: value<string>(sql`consent.scope`),
    grantedAt: value<number>(sql`consent.granted_at`),
  },
  from: sql`from ${callerSql.table} join ${callerJoined}
    left join ${consents} as consent on consent.user_id = user.id
    left join ${apiClients} as client on client.id = consent.client_id and client.revoked_at is null and ${isConsentValid('client')} and ${isClientVisible}
    order by +consent.granted_at desc, client.id limit ${CONSENTS_SHOWN_MAX}`,
}));

/** Newest first. In the user's primary reseller, consents of all resellers. */
export async function listConsents(caller: CallerContext): Promise<Consent[]> {
  return (await list(caller, {})).flatMap(({ clientId, scope, ...consent }) =>
    clientId === null ? [] : { clientId, scopes: scope.split(' '), ...consent },
  );
}

/** Rows of the table `held` of the caller and of visible clients. */
const ofVisibleClients = (callerSql: CallerSql, held: SQL) => sql`user_id = ${arg('callerId')} and client_id in (
  select client.id from ${callerSql.table} join ${callerJoined} join ${held} as held on held.user_id = user.id
    join ${apiClients} as client on client.id = held.client_id and ${isClientVisible} where caller.permitted)`;

const withdraw = callerStatement(
  (callerSql) =>
    sql`delete from ${consents} where client_id = ${arg('clientId')} and ${ofVisibleClients(callerSql, sql`${consents}`)}`,
);
export const withdrawConsent = (caller: CallerContext, clientId: string) => withdraw(caller, { clientId });

// The index by user is the smaller one.
const ofAuditedClient = sql`user_id = ${arg('userId')} and +client_id = ${arg('clientId')} and ${isAudited}`;
const voidCodes = statement(() => sql`delete from ${authorizationCodes} where used_at is null and ${ofAuditedClient}`);
const endOfClient = statement(() => sql`${updateEnded} where ended_at is null and ${ofAuditedClient}`);
export const endClientAccessWithEntry = (
  caller: CallerContext,
  entry: string,
  clientId: string,
): D1PreparedStatement[] => {
  const given = { ...sessionEndBy(caller, 'consent-withdrawn'), userId: caller.actor.subject, clientId, entry };
  return [voidCodes, endOfClient].map((make) => make(caller.db, given));
};

const withdrawEach = callerStatement(
  (callerSql) => sql`delete from ${consents} where ${ofVisibleClients(callerSql, sql`${consents}`)}`,
);
const voidEach = callerStatement(
  (callerSql) =>
    sql`delete from ${authorizationCodes} where used_at is null and ${ofVisibleClients(callerSql, sql`${authorizationCodes}`)}`,
);
/** Precedes the statement that ends the caller's own session. */
export function withdrawAllConsents(caller: CallerContext): D1PreparedStatement[] {
  return [
    ...chain(withdrawEach(caller, {}), auditWithdrawal(caller, { reason: 'signed-out-everywhere' })),
    voidEach(caller, {}),
  ];
}

export function auditWithdrawal(caller: CallerContext, details: AuditDetails): GuardedStatement {
  const { subject, reseller: resellerId } = caller.actor;
  return auditAfter(
    caller.db,
    { type: 'account.consent-withdrawn', details },
    auditEntryBy(caller, { resellerId, subject }),
  );
}
