import { type SQL, sql } from 'drizzle-orm';
import { passkeys, totpSecrets } from '../schema/index.ts';

/** `from …` the secret that the table `user` shares with an authenticator, where this holds of it (`totp`). */
export const totpWhere = (condition: SQL) =>
  sql`from ${totpSecrets} as totp where totp.user_id = user.id and ${condition}`;
/** The same of a secret by which the user signs in: a code of it has been seen. */
export const confirmedTotp = totpWhere(sql`totp.confirmed_at is not null`);
/** How many passkeys the table `user` has. */
export const passkeyCount = sql`(select count(*) from ${passkeys} as passkey where passkey.user_id = user.id)`;
