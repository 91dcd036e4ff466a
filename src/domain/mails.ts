export { listRecentMails, type MailRecord } from '../db/emails.ts';
