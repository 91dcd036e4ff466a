import { sql } from 'drizzle-orm';
import type { SignInSettings } from '../../model/sign-in/settings.ts';
import { RESELLER_ID, requireResellerRow } from '../resellers/organizations.ts';
import { resellers } from '../schema/index.ts';
import { callerStatement, requestedReseller, withinReach } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery, query } from '../sql/query.ts';
import { flag, value } from '../sql/selection.ts';
import { arg, assignments, type Db } from '../sql/statement.ts';
import { type RequestedTenant, requestedTenant } from './lookup.ts';

const findSettings = callerQuery((callerSql) => ({
  select: {
    reseller: RESELLER_ID,
    googleHostedDomain: value<string | null>(sql`reseller.google_hosted_domain`),
    googleSignIn: value<SignInSettings['googleSignIn']>(sql`reseller.google_sign_in`),
    requireTwoFactor: flag(sql`reseller.require_two_factor`),
  },
  from: sql`from ${callerSql.table} left join ${requestedReseller(callerSql)}`,
}));

export async function findSignInSettings(caller: CallerContext, resellerId: string): Promise<SignInSettings> {
  const [{ reseller, ...settings }] = await findSettings(caller, { resellerId });
  requireResellerRow(reseller);
  return settings;
}

const put = callerStatement(
  (
    callerSql,
  ) => sql`update ${resellers} as reseller set ${assignments(resellers, ['googleHostedDomain', 'googleSignIn', 'requireTwoFactor'])}
    from ${callerSql.table} where caller.permitted and reseller.id = ${arg('resellerId')} and ${withinReach(callerSql)}
      and reseller.google_hosted_domain is ${arg('readDomain')} and reseller.google_sign_in = ${arg('readSignIn')}
      and reseller.require_two_factor = ${arg('readFactor')}`,
);
/** No row where the settings have changed. */
export const putSignInSettings = (
  caller: CallerContext,
  resellerId: string,
  settings: SignInSettings,
  before: SignInSettings,
) =>
  put(caller, {
    ...settings,
    resellerId,
    readDomain: before.googleHostedDomain,
    readSignIn: before.googleSignIn,
    readFactor: before.requireTwoFactor ? 1 : 0,
  });

const findTenant = query(() => ({
  select: { resellerId: value<string>(sql`id`) },
  from: sql`from ${resellers} where id = ${requestedTenant} and deleted_at is null`,
}));

export async function findSignInTenant(db: Db, of: RequestedTenant): Promise<{ readonly resellerId: string } | null> {
  const [found] = await findTenant(db, of);
  return found ?? null;
}
