import { sql } from 'drizzle-orm';
import { apiClients, memberships, resellers, sessions, users } from '../schema/index.ts';
import { organizationsBeingDeleted } from '../sql/not-deleted.ts';
import { maySignIn } from '../sql/rights.ts';
import { arg } from '../sql/statement.ts';

/** Joins `session` to its user (`self`) in a live reseller (`membership`), without a sign-out of all since. */
export const sessionUserJoined = sql`join ${users} as self on self.id = session.user_id
  join ${memberships} as membership on membership.user_id = self.id and membership.reseller_id = session.reseller_id
  join ${resellers} as here on here.id = membership.reseller_id and here.deleted_at is null and here.enabled
    and here.signed_out_at < session.created_at`;

export const sessionWithUser = sql`${sessions} as session ${sessionUserJoined}`;

/** Each session of a user with a second factor has used it. */
export const meetsTwoFactorRule = sql`(not here.require_two_factor or self.two_factor_enabled)`;

/** The session's API client, if any, has the same redirect URIs since. */
export const maySessionAct = sql`${maySignIn('self', 'membership')}
  and (session.client_id is null or ${meetsTwoFactorRule}
    and exists (select 1 from ${apiClients} as acting where acting.id = session.client_id and acting.revoked_at is null
      and acting.redirects_changed_at < session.created_at))
  and (self.organization_id is null or self.reseller_id <> membership.reseller_id or self.organization_id not in ${organizationsBeingDeleted})`;

export const isActiveSession = sql`session.ended_at is null and session.expires_at > ${arg('calledAt')} and ${maySessionAct}`;
