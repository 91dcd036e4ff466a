export { listRecentMails, type MailRecord } from '../../db/emails/emails.ts';
