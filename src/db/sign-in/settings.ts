import { sql } from 'drizzle-orm';
import type { SignInSettings } from '../../model/sign-in/settings.ts';
import { resellerFound } from '../resellers/organizations.ts';
import { resellers } from '../schema/index.ts';
import { askedReseller, callerStatement, read, withinReach } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { arg, assignments, type Db, statement } from '../sql/statement.ts';
import { askedTenant, type Tenant } from './lookup.ts';

const shown = callerStatement(
  (
    callerSql,
  ) => sql`select caller.permitted, reseller.id, reseller.google_hosted_domain, reseller.google_sign_in, reseller.require_two_factor from ${callerSql.table}
    left join ${askedReseller(callerSql)}`,
);

/** How one signs in to a reseller. Refuses `not_found`. */
export async function findSignInSettings(caller: CallerContext, resellerId: string): Promise<SignInSettings> {
  const [row] = await read(caller, shown(caller, { resellerId }));
  resellerFound(row, 1);
  const [, , googleHostedDomain, googleSignIn, requireTwoFactor] = row ?? [];
  return { googleHostedDomain, googleSignIn, requireTwoFactor: requireTwoFactor === 1 } as SignInSettings;
}

const put = callerStatement(
  (
    callerSql,
  ) => sql`update ${resellers} as reseller set ${assignments(resellers, ['googleHostedDomain', 'googleSignIn', 'requireTwoFactor'])}
    from ${callerSql.table} where caller.permitted and reseller.id = ${arg('resellerId')} and ${withinReach(callerSql)}
      and reseller.google_hosted_domain is ${arg('readDomain')} and reseller.google_sign_in = ${arg('readSignIn')}
      and reseller.require_two_factor = ${arg('readFactor')}`,
);
/** Sets it where it is still what was read. */
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

const asked = statement(
  () => sql`select id as resellerId from ${resellers} where id = ${askedTenant} and deleted_at is null`,
);

/** A reseller that somebody wants to sign in to; null where there is none. */
export const findTenant = (db: Db, of: Tenant) => asked(db, of).first<{ readonly resellerId: string }>();
