import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { JURISDICTIONS } from '../../model/storage/storage.ts';
import { times } from './times.ts';

export const storageAccounts = sqliteTable('storage_accounts', {
  id: text('id').primaryKey(),
  resellerId: text('reseller_id').notNull(),
  name: text('name').notNull(),
  nameKey: text('name_key').notNull(),
  jurisdiction: text('jurisdiction', { enum: JURISDICTIONS }).notNull(),
  quotaBytes: integer('quota_bytes').notNull(),
  usedBytes: integer('used_bytes').notNull().default(0),
  reservedBytes: integer('reserved_bytes').notNull().default(0),
  objectCount: integer('object_count').notNull().default(0),
  ...times,
  deletedAt: integer('deleted_at'),
  purgeTotal: integer('purge_total').notNull().default(0),
});

export const storageObjects = sqliteTable('storage_objects', {
  id: text('id').primaryKey(),
  storageAccountId: text('storage_account_id').notNull(),
  key: text('key').notNull(),
  state: text('state', { enum: ['uploading', 'stored', 'garbage'] }).notNull(),
  since: integer('since').notNull(),
  size: integer('size').notNull(),
  etag: text('etag').notNull(),
  contentType: text('content_type').notNull(),
});
