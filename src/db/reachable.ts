import { sql } from 'drizzle-orm';
import { organizations, resellers } from './schema.ts';

/**
 * Deleted organizations whose users' rows are still to go, in chunks: a short list. Its index is named, since SQLite would
 * rather take that of all deleted organizations, which are many.
 */
export const leaving = sql`(select id from ${organizations} indexed by organizations_leaving where deleted_at is not null and user_count > 0)`;

/** Of the table `user`: not of a deleted organization. */
export const notRemoved = sql`(user.organization_id is null or user.organization_id not in ${leaving})`;

/** Of the table `user`: its own reseller, which need not be the one at hand, is not deleted. */
const homeAlive = sql`exists (select 1 from ${resellers} as home where home.id = user.reseller_id and home.deleted_at is null)`;

/** Of the table `user`, wherever its home is: it and its own reseller are there. */
export const there = sql`${notRemoved} and ${homeAlive}`;

/** Of the joined tables `user` and `reseller`: nothing above this user is deleted. */
export const reachable = sql`reseller.deleted_at is null and ${notRemoved}`;
