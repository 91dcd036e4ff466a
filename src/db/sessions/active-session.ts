import { sql } from 'drizzle-orm';
import { apiClients, memberships, resellers, sessions, users } from '../schema/index.ts';
import { organizationsBeingDeleted } from '../sql/not-deleted.ts';
import { maySignIn } from '../sql/rights.ts';
import { arg } from '../sql/statement.ts';

/**
 * What belongs to a table `session`, or to what is as good as one: its user (`self`) in its reseller (`membership`), which
 * is there and has signed nobody out since.
 */
export const sessionUserJoined = sql`join ${users} as self on self.id = session.user_id
  join ${memberships} as membership on membership.user_id = self.id and membership.reseller_id = session.reseller_id
  join ${resellers} as here on here.id = membership.reseller_id and here.deleted_at is null and here.enabled
    and here.signed_out_at < session.created_at`;

/** A session with its user, for a `from` that `usable` narrows. */
export const sessionWithUser = sql`${sessions} as session ${sessionUserJoined}`;

/** The reseller asks for no second factor, or the user has one: each lasting session of such a user has shown it. */
export const meetsTwoFactorRule = sql`(not here.require_two_factor or self.two_factor_enabled)`;

/**
 * Its user is there and may be in, and the API client that acts for the user, where there is one, is not revoked, may, and has
 * had the same redirect URIs since.
 */
export const mayAct = sql`${maySignIn('self', 'membership')}
  and (session.client_id is null or ${meetsTwoFactorRule}
    and exists (select 1 from ${apiClients} as acting where acting.id = session.client_id and acting.revoked_at is null
      and acting.redirects_changed_at < session.created_at))
  and (self.organization_id is null or self.reseller_id <> membership.reseller_id or self.organization_id not in ${organizationsBeingDeleted})`;

/** The session lasts, and whoever is behind it may act. */
export const isActive = sql`session.ended_at is null and session.expires_at > ${arg('calledAt')} and ${mayAct}`;
