import { sql } from 'drizzle-orm';
import { mayEnter } from './rights.ts';
import { memberships, organizations, resellers, sessions, users } from './schema.ts';
import { arg } from './statement.ts';

/** Of the tables `session` and this reseller: it is there, and has signed nobody out since. */
const lets = (reseller: string) =>
  sql.raw(`${reseller}.deleted_at is null and ${reseller}.enabled and ${reseller}.signed_out_at < session.created_at`);

/**
 * A session (`session`) with its user (`self`) in the reseller that it is for (`membership`), for a `from` that `usable`
 * narrows.
 */
export const sessionWithUser = sql`${sessions} as session
  join ${users} as self on self.id = session.user_id
  join ${memberships} as membership on membership.user_id = self.id and membership.reseller_id = session.reseller_id
  join ${resellers} as here on here.id = membership.reseller_id and ${lets('here')}
  join ${resellers} as home on home.id = self.reseller_id and ${lets('home')}`;

/** The session lasts, and its user is there and may be in. */
export const usable = sql`session.ended_at is null and session.expires_at > ${arg('calledAt')}
  and ${mayEnter('self', 'membership')}
  and (self.organization_id is null
    or self.organization_id not in (select id from ${organizations} where deleted_at is not null))`;
