import { type SQL, sql } from 'drizzle-orm';
import { passkeys, totpSecrets } from '../schema/index.ts';

/** `from …` the TOTP secret of the table `user`. */
export const totpWhere = (condition: SQL) =>
  sql`from ${totpSecrets} as totp where totp.user_id = user.id and ${condition}`;
export const confirmedTotp = totpWhere(sql`totp.confirmed_at is not null`);
export const passkeyCount = sql`(select count(*) from ${passkeys} as passkey where passkey.user_id = user.id)`;
