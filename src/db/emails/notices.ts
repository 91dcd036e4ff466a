import { sql } from 'drizzle-orm';
import type { NoticeType } from '../../model/events/audit.ts';
import { users } from '../schema/index.ts';
import { isDisabledIn } from '../sql/not-deleted.ts';

/** Unknown facts are empty. */
export type SecurityNotice = {
  readonly change: NoticeType;
  readonly firstName: string;
  readonly changedAt: number;
  readonly address: string;
  readonly userAgent: string;
};

/** Of the tables `mail` and `event`. Null for other mails, or if the user is gone or disabled. */
export const securityNoticeSelected = sql`iif(mail.template = 'security-notice' and event.id is not null, (select json_object(
    'change', iif(event.audit_only, event.type, 'email-changed'), 'firstName', user.first_name, 'changedAt', event.occurred_at,
    'address', iif(event.audit_only, ifnull(event.after ->> 'address', ''), ''),
    'userAgent', iif(event.audit_only, ifnull(event.after ->> 'userAgent', ''), ''))
  from ${users} as user where user.id = mail.user_id and not ${isDisabledIn(sql`mail.reseller_id`)}), null)`;
