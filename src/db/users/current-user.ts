import { sql } from 'drizzle-orm';
import { refuse } from '../../model/failure.ts';
import { passkeyCount } from '../factors/user-factors.ts';
import { brandingJoined, brandingSelected, readBranding } from '../resellers/branding.ts';
import { organizations, resellers, sessions, totpSecrets, users } from '../schema/index.ts';
import { callerStatement, read } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { servedBy } from '../sql/not-deleted.ts';
import { arg } from '../sql/statement.ts';
import { type Located, locationIn, readLocation } from './located.ts';
import { lastVisitAt } from './rehome.ts';
import { readUser, userSelected } from './users.ts';

/** The secret shared with an authenticator, sealed; not confirmed: no code of it has been seen. */
export type Totp = {
  readonly sealedSecret: string;
  readonly confirmedAt: number | null;
  readonly lastStep: number;
};

/** The signed-in user, and how it signs in. */
export type CurrentUser = Located & {
  readonly passwordHash: string | null;
  readonly totp: Totp | null;
  readonly passkeys: number;
  /** When it last signed in to the reseller that it acts in. */
  readonly lastLoginAt: number | null;
  /** Whether an outside identity was taken from the user, who has allowed none since. */
  readonly unlinked: boolean;
  /** Whether the rules of the user's own account accept how the caller signed in. */
  readonly countsAtHome: boolean;
  /** What the reseller that it signs in to calls the product. */
  readonly productName: string;
};

const factors = sql`(select json_object('sealedSecret', totp.sealed_secret, 'confirmedAt', totp.confirmed_at, 'lastStep', totp.last_step)
    from ${totpSecrets} as totp where totp.user_id = user.id) as totp,
  ${passkeyCount} as passkeys, user.google_unlinked_at, (select counts_at_home from ${sessions} where id = ${arg('tokenId')})`;

const self = callerStatement(
  (
    callerSql,
  ) => sql`select caller.permitted, user.password_hash, ${factors}, ${brandingSelected}, ${locationIn(sql`user.reseller_id`)},
    iif(user.reseller_id = ${arg('tenant')}, user.last_login_at, ${lastVisitAt(sql`${arg('tenant')}`)}) as seen_at, ${userSelected}
    from ${callerSql.table} join ${users} as user on user.id = ${arg('callerId')}
    join ${resellers} as reseller on reseller.id = ${servedBy} ${brandingJoined}
    left join ${organizations} as organization on organization.id = user.organization_id`,
);

/** Whoever calls. Refuses `token_invalid` where the session is over. */
export async function findCurrentUser(caller: CallerContext): Promise<CurrentUser> {
  const [row = []] = await read(caller, self(caller, {}));
  const [, passwordHash, totp, keys, unlinkedAt, countsAtHome, branding, location, lastLoginAt] = row;
  return {
    user: readUser(row, 9) ?? refuse({ kind: 'token_invalid' }),
    ...readLocation(location),
    passwordHash: passwordHash as string | null,
    totp: totp === null ? null : JSON.parse(String(totp)),
    passkeys: Number(keys),
    lastLoginAt: lastLoginAt as number | null,
    unlinked: unlinkedAt !== null,
    countsAtHome: countsAtHome === 1,
    productName: readBranding(branding).productName,
  };
}
