export { type EmailRecord, listRecentEmails } from '../../db/emails/emails.ts';
