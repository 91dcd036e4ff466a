import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { times } from './times.ts';

export const webhookEndpoints = sqliteTable('webhook_endpoints', {
  id: text('id').primaryKey(),
  resellerId: text('reseller_id'),
  name: text('name').notNull(),
  nameKey: text('name_key').notNull(),
  url: text('url').notNull(),
  sealedToken: text('sealed_token').notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  events: text('events', { mode: 'json' }).$type<string[]>().notNull(),
  status: text('status', { enum: ['healthy', 'unhealthy', 'suspended'] }).notNull(),
  afterSeq: integer('after_seq').notNull(),
  ...times,
  lease: text('lease'),
  leasedUntil: integer('leased_until').notNull().default(0),
  failingSince: integer('failing_since'),
  missedSince: integer('missed_since'),
  sealedOldToken: text('sealed_old_token'),
  oldTokenUntil: integer('old_token_until'),
  deletedAt: integer('deleted_at'),
  resumedAt: integer('resumed_at').notNull().default(1),
});

export const webhookRecoveries = sqliteTable('webhook_recoveries', {
  id: text('id').primaryKey(),
  endpointId: text('endpoint_id').notNull(),
  since: integer('since').notNull(),
  cursor: integer('cursor').notNull(),
  upto: integer('upto').notNull(),
  pending: integer('pending').notNull().default(0),
  delivered: integer('delivered').notNull().default(0),
  dead: integer('dead').notNull().default(0),
  ...times,
});

export const webhookDeliveries = sqliteTable('webhook_deliveries', {
  id: text('id').primaryKey(),
  eventId: text('event_id'),
  endpointId: text('endpoint_id').notNull(),
  eventType: text('event_type').notNull(),
  body: text('body'),
  state: text('state', { enum: ['pending', 'delivered', 'dead'] }).notNull(),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: integer('next_attempt_at'),
  lease: text('lease'),
  recoveryId: text('recovery_id'),
  createdAt: integer('created_at').notNull(),
  settledAt: integer('settled_at'),
  resumedAt: integer('resumed_at').notNull().default(0),
});

export const webhookAttempts = sqliteTable('webhook_attempts', {
  id: text('id').primaryKey(),
  deliveryId: text('delivery_id').notNull(),
  endpointId: text('endpoint_id').notNull(),
  resellerId: text('reseller_id'),
  eventId: text('event_id'),
  eventType: text('event_type').notNull(),
  attempt: integer('attempt').notNull(),
  status: text('status', { enum: ['delivered', 'failed'] }).notNull(),
  attemptedAt: integer('attempted_at').notNull(),
  durationMs: integer('duration_ms').notNull(),
  statusCode: integer('status_code'),
  reason: text('reason').notNull(),
  answer: text('answer').notNull(),
  nextAttemptAt: integer('next_attempt_at'),
});
