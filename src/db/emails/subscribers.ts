import { type SQL, sql } from 'drizzle-orm';
import { SUBSCRIBER_ROLE } from '../../model/users/role.ts';
import { memberships, statusUpdates, subscriptionChoices, users } from '../schema/index.ts';
import { isActive, isDisabledIn, isUserPresentIn } from '../sql/not-deleted.ts';

const hasRole = sql.raw(`instr(membership.roles, '"${SUBSCRIBER_ROLE}"') > 0`);

/** Of the table `membership`. The index `memberships_subscribers` has the same text. */
export const isSubscribed = sql`${hasRole} and ${isActive('membership')}`;

const hasMembership = (condition: SQL) => sql`exists (select 1 from ${memberships} as membership
  where membership.user_id = user.id and membership.reseller_id = reseller.id and ${condition})`;
const choiceOf = (addressHash: SQL) => sql`(select said.choice from ${subscriptionChoices} as said
  where said.reseller_id = reseller.id and said.address_hash = ${addressHash})`;

/** Of the joined tables `user` and `reseller`. */
export const receivesUpdates = (
  addressHash: SQL,
) => sql`reseller.deleted_at is null and ${isUserPresentIn(sql`reseller.id`)} and ${hasMembership(isSubscribed)}
  and ifnull(${choiceOf(addressHash)}, iif(user.email_verified_at is null, '', 'confirmed')) = 'confirmed'`;

/** Of the same tables; the membership may be pending. */
export const isUnconfirmed = (
  addressHash: SQL,
) => sql`reseller.deleted_at is null and ${isUserPresentIn(sql`reseller.id`)} and ${hasMembership(hasRole)} and not ${isDisabledIn(sql`reseller.id`)}
  and user.email_verified_at is null and ${choiceOf(addressHash)} is null`;

const recipient = sql`user.id = mail.user_id and user.email_key = mail.recipient_key`;
const subscriber = sql`'userId', user.id, 'resellerId', reseller.id, 'addressHash', mail.address_hash`;

/** Of the table `mail`; null if its recipient no longer receives the update. */
export const statusUpdateSelected = sql`(select json_object('title', told.title, 'body', told.body, 'severity', told.severity,
    'publishedAt', told.created_at, ${subscriber})
  from ${statusUpdates} as told
  join ${users} as user on ${recipient}
  where told.id = mail.status_update_id and ${receivesUpdates(sql`mail.address_hash`)})`;

/** Of the table `mail`; null if not needed. */
export const confirmationSelected = sql`(select json_object(${subscriber}) from ${users} as user
  where mail.template = 'subscription-confirmation' and ${recipient} and ${isUnconfirmed(sql`mail.address_hash`)})`;
