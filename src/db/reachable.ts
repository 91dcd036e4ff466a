import { sql } from 'drizzle-orm';
import { organizations } from './schema.ts';

/** Of the joined tables `user` and `reseller`: nothing above this user is deleted. */
export const reachable = sql`reseller.deleted_at is null and (user.organization_id is null or not exists
  (select 1 from ${organizations} as home where home.id = user.organization_id and home.deleted_at is not null))`;
