import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { SEVERITIES } from '../../model/status-update.ts';

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
