import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { SEVERITIES, SUBSCRIPTION_CHOICES } from '../../model/emails/status-update.ts';

export const statusUpdates = sqliteTable('status_updates', {
  id: text('id').primaryKey(),
  resellerId: text('reseller_id').notNull(),
  title: text('title').notNull(),
  body: text('body').notNull(),
  severity: text('severity', { enum: SEVERITIES }).notNull(),
  actor: text('actor').notNull(),
  createdAt: integer('created_at').notNull(),
});

export const statusUpdateProgress = sqliteTable('status_update_progress', {
  statusUpdateId: text('status_update_id').primaryKey(),
  cursor: text('cursor').notNull().default(''),
  expandingAt: integer('expanding_at'),
  pending: integer('pending').notNull().default(0),
  sent: integer('sent').notNull().default(0),
  failed: integer('failed').notNull().default(0),
  dropped: integer('dropped').notNull().default(0),
});

export const subscriptionChoices = sqliteTable(
  'subscription_choices',
  {
    resellerId: text('reseller_id').notNull(),
    addressHash: text('address_hash').notNull(),
    choice: text('choice', { enum: SUBSCRIPTION_CHOICES }).notNull(),
    chosenAt: integer('chosen_at').notNull(),
    changes: integer('changes').notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.resellerId, table.addressHash] })],
);
