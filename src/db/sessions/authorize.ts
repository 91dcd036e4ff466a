import { sql } from 'drizzle-orm';
import type { AuditEvent, RequestOrigin } from '../../model/events/audit.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import type { Budgets } from '../../model/usage/budgets.ts';
import { auditAfter } from '../commit/audit-entry.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { brandingIf, brandingJoined } from '../resellers/branding.ts';
import { apiClients, authorizationCodes, consents, resellers, sessions } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { flag, jsonValue, value } from '../sql/selection.ts';
import { arg, type Db as Database, insertSelect, statement, writtenBytes } from '../sql/statement.ts';
import { chargeSignIn, refuseOverBudget } from '../usage/budgets.ts';
import { isActiveSession, meetsTwoFactorRule, sessionWithUser } from './active-session.ts';

export type AuthorizingClient = {
  readonly id: string;
  readonly name: string;
  readonly resellerId: string | null;
  readonly open: boolean;
  readonly scopes: string;
  readonly redirectUris: readonly string[];
  readonly branding: Branding | null;
};

const find = query(() => ({
  select: {
    id: value<string>(sql`client.id`),
    name: value<string>(sql`client.name`),
    resellerId: value<string | null>(sql`reseller.id`),
    open: flag(sql`reseller.enabled`),
    scopes: value<string>(sql`client.scopes`),
    redirectUris: jsonValue<string[]>(sql`client.redirect_uris`),
    branding: brandingIf(sql`reseller.id is not null`),
  },
  from: sql`from ${apiClients} as client left join ${resellers} as reseller on reseller.id = client.reseller_id ${brandingJoined}
    where client.id = ${arg('id')} and client.revoked_at is null and reseller.deleted_at is null`,
}));

/** Null where the client or its reseller is gone. */
export async function findAuthorizingClient(database: Database, id: string): Promise<AuthorizingClient | null> {
  const [client] = await find(database, { id });
  return client ?? null;
}

/** The consent is newer than the redirect URIs. */
export const isConsentValid = (client: string) => sql.raw(`consent.granted_at > ${client}.redirects_changed_at`);

const findConsent = query(() => ({
  select: { scope: value<string>(sql`consent.scope`) },
  from: sql`from ${consents} as consent join ${apiClients} as client on client.id = consent.client_id and ${isConsentValid('client')}
    where consent.user_id = ${arg('userId')} and consent.client_id = ${arg('clientId')}`,
}));

/** Separated by spaces. */
export async function findConsentedScopes(
  database: Database,
  of: { readonly userId: string; readonly clientId: string },
): Promise<string> {
  const [consent] = await findConsent(database, of);
  return consent?.scope ?? '';
}

export type NewAuthorizationCode = {
  readonly codeHash: string;
  readonly clientId: string;
  readonly sessionId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly nonce: string | null;
  readonly codeChallenge: string;
  readonly createdAt: number;
  readonly expiresAt: number;
};

const insert = statement(() =>
  insertSelect(
    authorizationCodes,
    ['codeHash', 'clientId', 'redirectUri', 'scope', 'nonce', 'codeChallenge', 'createdAt', 'expiresAt'],
    sql`from ${sessionWithUser} join ${apiClients} as asking on asking.id = ${arg('clientId')}
        and asking.reseller_id = session.reseller_id and asking.revoked_at is null
      where session.id = ${arg('sessionId')} and session.client_id is null and ${meetsTwoFactorRule} and ${isActiveSession}
        and iif(${arg('askedAt')} is null, exists (select 1 from ${consents} as consent
          where consent.user_id = session.user_id and consent.client_id = asking.id and ${isConsentValid('asking')}),
          ${arg('askedAt')} > asking.redirects_changed_at)
        and exists (select 1 from json_each(asking.redirect_uris) as uri where uri.value = ${arg('redirectUri')})`,
    {
      userId: sql`session.user_id`,
      issuedIn: sql`session.id`,
      methods: sql`session.methods`,
      authenticatedAt: sql`session.authenticated_at`,
    },
  ),
);
const consent = afterChange(
  (changed) => sql`${insertSelect(consents, ['id', 'userId', 'clientId', 'scope', 'grantedAt'], sql`where ${changed}`)}
    on conflict (user_id, client_id) do update set scope = excluded.scope, granted_at = excluded.granted_at`,
);

const charge = chargeSignIn(
  sql`session.reseller_id`,
  sql`session.user_id`,
  sql`from ${sessions} as session where session.id = ${arg('sessionId')}`,
);

export type NewConsent = {
  readonly userId: string;
  readonly resellerId: string;
  /** When the consent page was shown. */
  readonly askedAt: number;
  /** Includes scopes granted before. */
  readonly scope: string;
  readonly consentId: string;
  readonly event: AuditEvent;
  readonly eventId: string;
  readonly requestId: string;
  readonly origin: RequestOrigin;
};

/** Returns false where the session has ended or the client is gone. Refuses `rate_limited`. */
export async function insertAuthorizationCode(
  database: Database,
  code: NewAuthorizationCode,
  agreement: NewConsent | null,
  budgets: Budgets,
): Promise<boolean> {
  const { sessionId, createdAt: now } = code;
  const inserted = insert(database, { ...code, askedAt: agreement?.askedAt ?? null, calledAt: now });
  const statements = chain(inserted, ...consentStatements(database, code, agreement));
  const charged = charge(database, { sessionId }, { budgets, bytes: writtenBytes(statements), now });
  const [written] = await database
    .batch([...chain(...statements, ...charged)])
    .catch((error) => refuseOverBudget(error, now));
  return (written?.meta.changes ?? 0) > 0;
}

function consentStatements(
  database: Database,
  { clientId, createdAt: now }: NewAuthorizationCode,
  agreement: NewConsent | null,
) {
  if (agreement === null) return [];
  const { userId, resellerId, scope, consentId: id, event, eventId, requestId, origin } = agreement;
  const auditRow = { id: eventId, resellerId, actor: `user:${userId}`, subject: userId, requestId, now, ...origin };
  return [consent(database, { id, userId, clientId, scope, grantedAt: now }), auditAfter(database, event, auditRow)];
}
