import { sql } from 'drizzle-orm';
import { refuse } from '../../model/failure.ts';
import { passkeyCount } from '../factors/user-factors.ts';
import { brandingJoined, brandingSelected } from '../resellers/branding.ts';
import { organizations, resellers, sessions, totpSecrets, users } from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { servingReseller } from '../sql/not-deleted.ts';
import { callerQuery } from '../sql/query.ts';
import { flag, jsonValue, value } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';
import { lastLoginAtIn } from './rehome.ts';
import { tenantDetailsSelected, type UserInTenant } from './user-in-tenant.ts';
import { userSelected } from './users.ts';

/** `sealedSecret` is encrypted; `confirmedAt` is null until the first valid code. */
export type Totp = {
  readonly sealedSecret: string;
  readonly confirmedAt: number | null;
  readonly lastStep: number;
};

export type CurrentUser = UserInTenant & {
  readonly passwordHash: string | null;
  readonly totp: Totp | null;
  readonly passkeys: number;
  /** In the reseller of the current session. */
  readonly lastLoginAt: number | null;
  /** An external identity was removed, and the user has not allowed one since. */
  readonly unlinked: boolean;
  /** Whether the primary reseller accepts the sign-in method. */
  readonly countsAtHome: boolean;
  readonly productName: string;
};

const totp = sql`(select json_object('sealedSecret', totp.sealed_secret, 'confirmedAt', totp.confirmed_at, 'lastStep', totp.last_step)
  from ${totpSecrets} as totp where totp.user_id = user.id)`;

const findCurrent = callerQuery((callerSql) => ({
  select: {
    user: userSelected,
    location: tenantDetailsSelected(sql`user.reseller_id`),
    branding: brandingSelected,
    passwordHash: value<string | null>(sql`user.password_hash`),
    totp: jsonValue<Totp | null>(totp),
    passkeys: value<number>(passkeyCount),
    unlinked: flag(sql`user.google_unlinked_at is not null`),
    countsAtHome: flag(sql`(select counts_at_home from ${sessions} where id = ${arg('tokenId')})`),
    lastLoginAt: value<number | null>(
      sql`iif(user.reseller_id = ${arg('tenant')}, user.last_login_at, ${lastLoginAtIn(sql`${arg('tenant')}`)})`,
    ),
  },
  from: sql`from ${callerSql.table} join ${users} as user on user.id = ${arg('callerId')}
    join ${resellers} as reseller on reseller.id = ${servingReseller} ${brandingJoined}
    left join ${organizations} as organization on organization.id = user.organization_id`,
}));

export async function findCurrentUser(caller: CallerContext): Promise<CurrentUser> {
  const [{ user, location, branding, ...found }] = await findCurrent(caller, {});
  return {
    user: user ?? refuse({ kind: 'token_invalid' }),
    ...location,
    ...found,
    productName: branding.productName,
  };
}
