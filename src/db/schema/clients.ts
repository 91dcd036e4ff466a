import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const apiClients = sqliteTable('api_clients', {
  id: text('id').primaryKey(),
  resellerId: text('reseller_id'),
  name: text('name').notNull(),
  secretHash: text('secret_hash').notNull(),
  scopes: text('scopes').notNull(),
  createdAt: integer('created_at').notNull(),
  revokedAt: integer('revoked_at'),
  redirectUris: text('redirect_uris', { mode: 'json' }).$type<string[]>().notNull().default([]),
  redirectsChangedAt: integer('redirects_changed_at').notNull().default(0),
});

export const revokedTokens = sqliteTable('revoked_tokens', {
  jti: text('jti').primaryKey(),
  expiresAt: integer('expires_at').notNull(),
});

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    credential: text('credential').notNull(),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    status: integer('status').notNull(),
    sealedBody: text('sealed_body').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.credential, table.key] })],
);
