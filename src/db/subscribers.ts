import { sql } from 'drizzle-orm';
import { SUBSCRIBER } from '../model/role.ts';
import { there } from './reachable.ts';
import { memberships, statusUpdates, users } from './schema.ts';

/** Of the table `membership`: it gets status updates. Its start is the text of the index `memberships_subscribers`. */
export const subscribed = sql.raw(
  `instr(membership.roles, '"${SUBSCRIBER}"') > 0 and membership.accepted_at is not null`,
);

/** Of the joined tables `user` and `reseller`: this one's updates go to that user. */
export const getsUpdates = sql`reseller.deleted_at is null and ${there}
  and exists (select 1 from ${memberships} as membership
    where membership.user_id = user.id and membership.reseller_id = reseller.id and ${subscribed})`;

/** The status update that the table `mail` tells of, in one column; null where its recipient does not get it (any more). */
export const wantedUpdate = sql`(select json_object('title', told.title, 'body', told.body, 'severity', told.severity,
    'publishedAt', told.created_at, 'userId', user.id, 'resellerId', reseller.id)
  from ${statusUpdates} as told
  join ${users} as user on user.id = mail.user_id and user.email_key = mail.recipient_key
  where told.id = mail.status_update_id and ${getsUpdates})`;
