import { sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import type { RequiredRights } from '../../model/users/required-rights.ts';
import type { User } from '../../model/users/user.ts';
import { RESELLER_ID, requireResellerRow } from '../resellers/organizations.ts';
import { organizations, users } from '../schema/index.ts';
import { requestedReseller } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { missingForNewEmail, missingRights, requiredRightsValues } from '../sql/rights.ts';
import { flag, value } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';
import { organizationAlive } from './users.ts';

const findRefusalReason = callerQuery((callerSql) => ({
  select: {
    reseller: RESELLER_ID,
    organization: value<string | null>(sql`organization.id`),
    within: flag(callerSql.confinedTo(sql`${arg('organizationId')}`)),
    granted: value<string | null>(sql`(${missingRights} limit 1)`),
    taken: value<string | null>(sql`(${missingForNewEmail(callerSql)} limit 1)`),
  },
  from: sql`from ${callerSql.table}
    left join ${requestedReseller(callerSql)}
    left join ${organizations} as organization on organization.id = ${arg('organizationId')} and ${organizationAlive}
    left join ${users} as user on user.id = ${arg('id')}`,
}));

/** Names what forbids the write: no such reseller, no such organization, one outside the caller's, or missing rights. */
export async function refuseUserWrite(
  caller: CallerContext,
  user: Pick<User, 'id' | 'resellerId' | 'organization' | 'email'>,
  required: RequiredRights,
): Promise<void> {
  const { id, resellerId, email } = user;
  const organizationId = user.organization?.id ?? null;
  const [found] = await findRefusalReason(caller, {
    id,
    resellerId,
    organizationId,
    email,
    ...requiredRightsValues(required),
  });
  requireResellerRow(found.reseller);
  if (organizationId !== null && found.organization === null) refuse(absent('organization'));
  if (!found.within) refuse({ kind: 'scope_missing', scope: caller.scope }, 'beyond its organization');
  const right = found.granted ?? found.taken;
  if (right !== null) refuse({ kind: 'grant_refused', scope: right === '' ? null : right });
}

/** Refuses `limit_reached` without another reason. */
export async function refuseUserSeat(...given: Parameters<typeof refuseUserWrite>): Promise<never> {
  await refuseUserWrite(...given);
  return refuse({ kind: 'limit_reached', what: 'users' });
}
