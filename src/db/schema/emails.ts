import { type SQL, sql } from 'drizzle-orm';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { EMAIL_TEMPLATES } from '../../model/emails/email.ts';
import { LANGUAGES } from '../../model/language.ts';

export const activations = sqliteTable('activations', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  userId: text('user_id').notNull(),
  purpose: text('purpose', { enum: ['activation', 'password-reset'] }).notNull(),
  emailKey: text('email_key').notNull(),
  tokenHash: text('token_hash').notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  sentAt: integer('sent_at'),
  usedAt: integer('used_at'),
  askedBy: text('asked_by'),
  askedScopes: text('asked_scopes'),
  issuedTo: text('issued_to'),
  resellerId: text('reseller_id').notNull().default(''),
});

/** Without the sub-address (RFC 5233): a+1@x and a+2@x are one mailbox. */
export const mailboxOf = (key: SQL): SQL => sql`iif(instr(${key}, '+') > 1,
  substr(${key}, 1, instr(${key}, '+') - 1) || substr(${key}, instr(${key}, '@')), ${key})`;

export const emails = sqliteTable('emails', {
  id: text('id').primaryKey(),
  cause: text('cause').notNull(),
  template: text('template', { enum: EMAIL_TEMPLATES }).notNull(),
  language: text('language', { enum: LANGUAGES }).notNull(),
  recipient: text('recipient').notNull(),
  recipientKey: text('recipient_key').notNull(),
  mailboxKey: text('mailbox_key').generatedAlwaysAs(mailboxOf(sql`recipient_key`), { mode: 'virtual' }),
  resellerId: text('reseller_id').notNull(),
  userId: text('user_id'),
  eventId: text('event_id'),
  statusUpdateId: text('status_update_id'),
  addressHash: text('address_hash'),
  state: text('state', { enum: ['pending', 'sent', 'failed', 'dropped'] }).notNull(),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: integer('next_attempt_at'),
  lease: text('lease'),
  providerId: text('provider_id'),
  reason: text('reason').notNull().default(''),
  createdAt: integer('created_at').notNull(),
  settledAt: integer('settled_at'),
  attemptedAt: integer('attempted_at'),
  unproved: integer('unproved', { mode: 'boolean' }).notNull().default(false),
});
