import { sql } from 'drizzle-orm';
import { readScopes, type Scope } from '../../model/clients/scope.ts';
import { absent, refuse } from '../../model/failure.ts';
import { CLIENTS_MAX } from '../../model/limits/index.ts';
import { RESELLER_ID, requireResellerRow } from '../resellers/organizations.ts';
import { apiClients } from '../schema/index.ts';
import { type CallerSql, callerStatement, requestedReseller } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { lister } from '../sql/listing.ts';
import { orderedBy } from '../sql/named-listing.ts';
import { callerQuery } from '../sql/query.ts';
import { missingRights, requiredRightsValues } from '../sql/rights.ts';
import { columnsOf, mapped, type Selection, value } from '../sql/selection.ts';
import { arg, assignments, insertSelect } from '../sql/statement.ts';

export type ApiClient = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Empty: the client cannot sign users in. */
  readonly redirectUris: readonly string[];
  readonly createdAt: number;
};

const columns: Selection<ApiClient | null> = mapped(
  columnsOf(apiClients, 'own', ['id', 'name', 'scopes', 'redirectUris', 'createdAt']),
  (client) => client && { ...client, scopes: [...readScopes(client.scopes, 'a reseller')] },
);
const reseller = (callerSql: CallerSql) => sql`left join ${requestedReseller(callerSql)}`;
const inReseller = sql`left join ${apiClients} as own on own.reseller_id = reseller.id and own.revoked_at is null`;

const findOne = callerQuery((callerSql) => ({
  select: { reseller: RESELLER_ID, client: columns },
  from: sql`from ${callerSql.table} ${reseller(callerSql)} ${inReseller} and own.id = ${arg('id')}`,
}));

export async function findApiClient(caller: CallerContext, resellerId: string, id: string): Promise<ApiClient> {
  const [{ reseller, client }] = await findOne(caller, { resellerId, id });
  requireResellerRow(reseller);
  return client ?? refuse(absent('client'));
}

const listed = lister(
  {
    ...orderedBy('own', sql`own.created_at`),
    table: sql`${apiClients} as own`,
    owner: requestedReseller,
    rows: () => sql`own.reseller_id = reseller.id and own.revoked_at is null`,
    selected: columns,
  },
  requireResellerRow,
);
export const listApiClients = (caller: CallerContext, resellerId: string, list: Parameters<typeof listed>[1]) =>
  listed(caller, list, { resellerId });

const insert = callerStatement((callerSql) =>
  insertSelect(
    apiClients,
    ['id', 'resellerId', 'name', 'secretHash', 'scopes', 'redirectUris', 'createdAt'],
    sql`from ${callerSql.table} join ${requestedReseller(callerSql)}
      where caller.permitted and not exists (${missingRights})
        and (select count(*) from ${apiClients} as own indexed by api_clients_by_created where own.reseller_id = reseller.id and own.revoked_at is null) < ${CLIENTS_MAX}`,
  ),
);
/** The caller must have each of the client's scopes. */
export const insertApiClient = (caller: CallerContext, resellerId: string, client: ApiClient, secretHash: string) =>
  insert(caller, {
    ...client,
    resellerId,
    secretHash,
    scopes: client.scopes.join(' '),
    ...requiredRightsValues({ tenant: client.scopes, organization: [] }),
  });

const findMissingScope = callerQuery((callerSql) => ({
  select: { reseller: RESELLER_ID, scope: value<string | null>(sql`(${missingRights} limit 1)`) },
  from: sql`from ${callerSql.table} ${reseller(callerSql)}`,
}));

/** Refuses `grant_refused`. */
export async function requireClientScopes(
  caller: CallerContext,
  resellerId: string,
  scopes: readonly Scope[],
): Promise<void> {
  const [found] = await findMissingScope(caller, {
    resellerId,
    ...requiredRightsValues({ tenant: scopes, organization: [] }),
  });
  const { reseller, scope } = found;
  requireResellerRow(reseller);
  if (scope !== null) refuse({ kind: 'grant_refused', scope });
}

// The caller must not redirect codes of a client with more rights.
const administered = (callerSql: CallerSql) => sql`from ${callerSql.table} join ${requestedReseller(callerSql)}
  where caller.permitted and own.id = ${arg('id')} and own.reseller_id = reseller.id and own.revoked_at is null
    and own.name = ${arg('readName')} and own.redirect_uris = ${arg('readUris')} and not exists (${missingRights})`;
const asRead = ({ name, redirectUris, scopes }: ApiClient) => ({
  readName: name,
  readUris: JSON.stringify(redirectUris),
  ...requiredRightsValues({ tenant: scopes, organization: [] }),
});

const update = callerStatement(
  (callerSql) => sql`update ${apiClients} as own set ${assignments(apiClients, ['name', 'redirectUris'])},
      redirects_changed_at = iif(own.redirect_uris = ${arg('uris')}, own.redirects_changed_at, ${arg('now')})
    ${administered(callerSql)}`,
);
/** No row where the client has changed. New redirect URIs void its consents. */
export const updateApiClient = (caller: CallerContext, resellerId: string, client: ApiClient, before: ApiClient) =>
  update(caller, {
    ...{ resellerId, id: client.id, name: client.name, redirectUris: client.redirectUris },
    ...{ uris: JSON.stringify(client.redirectUris), now: caller.now },
    ...asRead(before),
  });

const remove = callerStatement(
  (callerSql) => sql`update ${apiClients} as own set revoked_at = ${arg('now')} ${administered(callerSql)}`,
);
/** No row where the client has changed. */
export const revokeApiClient = (caller: CallerContext, resellerId: string, before: ApiClient) =>
  remove(caller, { resellerId, id: before.id, now: caller.now, ...asRead(before) });
