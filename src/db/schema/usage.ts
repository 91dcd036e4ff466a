import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const tenantDays = sqliteTable(
  'tenant_days',
  {
    day: integer('day').notNull(),
    resellerId: text('reseller_id').notNull(),
    bytes: integer('bytes').notNull(),
    emails: integer('emails').notNull(),
    bytesLimit: integer('bytes_limit'),
    emailsLimit: integer('emails_limit'),
  },
  (table) => [primaryKey({ columns: [table.day, table.resellerId] })],
);

export const userDays = sqliteTable(
  'user_days',
  {
    day: integer('day').notNull(),
    resellerId: text('reseller_id').notNull(),
    userId: text('user_id').notNull(),
    bytes: integer('bytes').notNull(),
    bytesLimit: integer('bytes_limit').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.resellerId, table.userId] })],
);
