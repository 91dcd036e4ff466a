import { sql } from 'drizzle-orm';
import type { SignInSettings } from '../../model/sign-in/settings.ts';
import { resellerFound } from '../resellers/organizations.ts';
import { resellers } from '../schema/index.ts';
import type { Call } from '../sql/call.ts';
import { askedReseller, callerStatement, read, withinReach } from '../sql/caller.ts';
import { arg, assignments, type Session, statement } from '../sql/statement.ts';
import { askedTenant, type Tenant } from './lookup.ts';

const shown = callerStatement(
  (
    who,
  ) => sql`select caller.permitted, reseller.id, reseller.google_hosted_domain, reseller.google_sign_in, reseller.require_two_factor from ${who.table}
    left join ${askedReseller(who)}`,
);

/** How one signs in to a reseller. Refuses `not_found`. */
export async function findSignInSettings(call: Call, resellerId: string): Promise<SignInSettings> {
  const [row] = await read(call, shown(call, { resellerId }));
  resellerFound(row, 1);
  const [, , googleHostedDomain, googleSignIn, requireTwoFactor] = row ?? [];
  return { googleHostedDomain, googleSignIn, requireTwoFactor: requireTwoFactor === 1 } as SignInSettings;
}

const put = callerStatement(
  (
    who,
  ) => sql`update ${resellers} as reseller set ${assignments(resellers, ['googleHostedDomain', 'googleSignIn', 'requireTwoFactor'])}
    from ${who.table} where caller.permitted and reseller.id = ${arg('resellerId')} and ${withinReach(who)}
      and reseller.google_hosted_domain is ${arg('readDomain')} and reseller.google_sign_in = ${arg('readSignIn')}
      and reseller.require_two_factor = ${arg('readFactor')}`,
);
/** Sets it where it is still what was read. */
export const putSignInSettings = (call: Call, resellerId: string, settings: SignInSettings, before: SignInSettings) =>
  put(call, {
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
export const findTenant = (session: Session, of: Tenant) => asked(session, of).first<{ readonly resellerId: string }>();
