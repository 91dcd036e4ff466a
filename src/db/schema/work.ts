import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const events = sqliteTable('events', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  id: text('id').notNull(),
  resellerId: text('reseller_id'),
  type: text('type').notNull(),
  actor: text('actor').notNull(),
  subject: text('subject').notNull(),
  before: text('before'),
  after: text('after'),
  requestId: text('request_id').notNull(),
  occurredAt: integer('occurred_at').notNull(),
  relayAt: integer('relay_at'),
  relays: integer('relays').notNull().default(0),
  body: text('body'),
  auditOnly: integer('audit_only', { mode: 'boolean' }).notNull().default(false),
  address: text('address').notNull().default(''),
  userAgent: text('user_agent').notNull().default(''),
  hash: text('hash'),
});

export const auditChain = sqliteTable('audit_chain', {
  id: integer('id').primaryKey(),
  startSeq: integer('start_seq').notNull(),
  startHash: text('start_hash').notNull(),
  headSeq: integer('head_seq').notNull(),
  headHash: text('head_hash').notNull(),
  gapsUntil: integer('gaps_until').notNull(),
});

export const auditHeads = sqliteTable('audit_heads', {
  keyId: text('key_id').primaryKey(),
  seq: integer('seq').notNull(),
  signature: text('signature').notNull(),
});

export const deadLetters = sqliteTable('dead_letters', {
  id: text('id').primaryKey(),
  message: text('message').notNull(),
  reason: text('reason').notNull(),
  receivedAt: integer('received_at').notNull(),
});

export const jobs = sqliteTable('jobs', {
  name: text('name').primaryKey(),
  leasedUntil: integer('leased_until').notNull(),
  startedAt: integer('started_at'),
  finishedAt: integer('finished_at'),
  succeededAt: integer('succeeded_at'),
  durationMs: integer('duration_ms'),
  counts: text('counts').notNull().default('{}'),
  more: integer('more', { mode: 'boolean' }).notNull().default(false),
  failures: text('failures').notNull().default('[]'),
});
