import { sql } from 'drizzle-orm';
import type { NoticeType } from '../../model/events/audit.ts';
import { users } from '../schema/index.ts';

/** A change of how somebody signs in, as the mail that tells of it needs it; what nobody knows is empty. */
export type SecurityNotice = {
  readonly change: NoticeType;
  readonly firstName: string;
  readonly changedAt: number;
  readonly address: string;
  readonly userAgent: string;
};

/**
 * That of the tables `mail` and `event`, as JSON; null where the mail is another, or the user or the event is gone. A disabled
 * user is told as well. What callers hear of is no entry of the audit log, and says nothing of where it came from.
 */
export const securityNoticeSelected = sql`iif(mail.template = 'security-notice' and event.id is not null, (select json_object(
    'change', iif(event.audit_only, event.type, 'email-changed'), 'firstName', user.first_name, 'changedAt', event.occurred_at,
    'address', iif(event.audit_only, ifnull(event.after ->> 'address', ''), ''),
    'userAgent', iif(event.audit_only, ifnull(event.after ->> 'userAgent', ''), ''))
  from ${users} as user where user.id = mail.user_id), null)`;
