import { type SQL, sql } from 'drizzle-orm';
import { NON_DELEGABLE_SCOPES, SELF } from '../../model/clients/scope.ts';
import { refuse } from '../../model/failure.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import { ORGANIZATION_ADMIN, ORGANIZATION_ADMIN_SCOPES } from '../../model/users/role.ts';
import { apiClients, resellers, revokedTokens } from '../schema/index.ts';
import { isActiveSession, meetsTwoFactorRule, sessionWithUser } from '../sessions/active-session.ts';
import type { CallerContext } from './caller-context.ts';
import { rightsOf } from './rights.ts';
import { value } from './selection.ts';
import { arg, literal, statement, type Values } from './statement.ts';

/**
 * One row; none if the credential is revoked or the reseller deleted. `permitted`: 0 if the scope was withdrawn, null
 * if a second factor is required first. `within`: the only organization in reach, or null.
 */
const callers: Record<Actor['kind'], SQL> = {
  client: client(sql`not exists (select 1 from ${revokedTokens} as gone where gone.jti = ${arg('tokenId')})`),
  key: client(sql`client.secret_hash = ${arg('tokenId')}`),
  issuer: sql`(
    select 1 as permitted, ${arg('tokenScopes')} as scopes, null as within
    where ${arg('tenant')} is null
      or exists (select 1 from ${resellers} as home where home.id = ${arg('tenant')} and home.deleted_at is null)
  )`,
  user: user(),
};

function client(tokenCondition: SQL): SQL {
  return sql`(
    select ${includes(sql`client.scopes`)} as permitted, client.scopes, null as within
    from ${apiClients} as client left join ${resellers} as home on home.id = client.reseller_id
    where client.id = ${arg('callerId')} and client.revoked_at is null and home.deleted_at is null
      and client.reseller_id is ${arg('tenant')} and ${tokenCondition}
  )`;
}

function includes(scopes: SQL): SQL {
  return sql`instr(' ' || ${scopes} || ' ', ' ' || ${arg('scope')} || ' ') > 0`;
}

/** An API client limits its user's rights. Users may always act on themselves, API clients not for them. */
function user(): SQL {
  return sql`(
    select iif(${arg('scope')} = ${literal(SELF)}, alone, iif(proven, wide or within is not null, null)) as permitted, scopes, iif(wide, null, within) as within
    from (
      select scopes, ${includes(sql`scopes`)} as wide, within, alone, proven
      from (
        select ifnull((select group_concat(owned.value, ' ') from json_each(${rightsOf('self', 'membership')}) as owned
            where ${allowsScope(sql`owned.value`)}), '') as scopes,
          iif(self.role = ${literal(ORGANIZATION_ADMIN)} and self.reseller_id = membership.reseller_id
            and ${includes(literal(ORGANIZATION_ADMIN_SCOPES.join(' ')))} and ${allowsScope(sql`${arg('scope')}`)}, self.organization_id, null) as within,
          session.client_id is null as alone, ${meetsTwoFactorRule} as proven
        from ${sessionWithUser}
        where session.id = ${arg('tokenId')} and session.user_id = ${arg('callerId')}
          and session.reseller_id = ${arg('tenant')} and ${isActiveSession}
      )
    )
  )`;
}

function allowsScope(scope: SQL): SQL {
  const undelegated = sql.join([...NON_DELEGABLE_SCOPES].map(literal), sql`, `);
  return sql`(session.client_id is null or ${scope} not in (${undelegated}) and instr(
    ' ' || (select acting.scopes from ${apiClients} as acting where acting.id = session.client_id) || ' ', ' ' || ${scope} || ' ') > 0)`;
}

export type CallerSql = {
  readonly table: SQL;
  readonly rows: SQL;
  readonly confinable: boolean;
  readonly reaches: (resellerId: SQL) => SQL;
  readonly confinedTo: (organizationId: SQL) => SQL;
};

// Two texts instead of one `or`, so that each uses its index.
const everywhere = (_: SQL) => sql`true`;
const inOwnTenant = (resellerId: SQL) => sql`${resellerId} = ${arg('tenant')}`;
const inItsOrganization = (organizationId: SQL) => sql`(caller.within is null or caller.within is ${organizationId})`;

export function withinReach(callerSql: CallerSql): SQL {
  return sql`reseller.deleted_at is null and ${callerSql.reaches(sql`reseller.id`)}`;
}

export function requestedReseller(callerSql: CallerSql): SQL {
  return sql`${resellers} as reseller on reseller.id = ${arg('resellerId')} and ${withinReach(callerSql)}`;
}

export type CallerStatement = (caller: CallerContext, values: Values) => D1PreparedStatement;

export function callerStatement(build: (callerSql: CallerSql) => SQL): CallerStatement {
  const compile = (rows: SQL, confinable = false) => {
    const table = sql`${rows} as caller`;
    const sqlParts = { table, rows, confinable, confinedTo: confinable ? inItsOrganization : everywhere };
    return {
      operator: statement(() => build({ ...sqlParts, reaches: everywhere })),
      reseller: statement(() => build({ ...sqlParts, reaches: inOwnTenant })),
    };
  };
  const compiled = {
    client: compile(callers.client),
    key: compile(callers.key),
    issuer: compile(callers.issuer),
    user: compile(callers.user, true),
  };
  return ({ db, actor, scope, now }, values) => {
    const { [actor.reseller === null ? 'operator' : 'reseller']: prepare } = compiled[actor.kind];
    const { reseller: tenant, subject: callerId, tokenId, application } = actor;
    // An application cannot grant rights: they would outlive the consent.
    const tokenScopes = application === null ? [...actor.scopes].join(' ') : '';
    const caller = { tenant, scope, callerId, tokenId, tokenScopes, calledAt: now };
    for (const name in caller) if (name in values) throw new Error(`${name} is the caller's`);
    return prepare(db, { ...values, ...caller });
  };
}

/** Null: a second factor is required first. */
export const PERMITTED = value<number | null>(sql`caller.permitted`);

/** Refuses 401 without a row, 403 without the right. */
export function requirePermitted<T extends { readonly permitted: number | null }>(
  caller: CallerContext,
  [first, ...more]: readonly T[],
): readonly [T, ...T[]] {
  if (first === undefined) refuse({ kind: 'token_invalid' }, 'the credential is revoked');
  if (first.permitted === 1) return [first, ...more];
  if (first.permitted === null) refuse({ kind: 'factor_enrolment_required' });
  if (caller.scope === SELF) refuse({ kind: 'user_required' }, 'an API client acts for the user');
  refuse({ kind: 'scope_missing', scope: caller.scope }, 'the scope was withdrawn');
}
