import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { REQUEST_BUCKETS_MS } from '../../model/limits/index.ts';

const buckets = Object.fromEntries(REQUEST_BUCKETS_MS.map((endMs) => [`le${endMs}`, integer(`le_${endMs}`).notNull()]));

export const requestMetrics = sqliteTable(
  'request_metrics',
  {
    route: text('route').notNull(),
    method: text('method').notNull(),
    status: integer('status').notNull(),
    count: integer('count').notNull(),
    durationMs: integer('duration_ms').notNull(),
    ...buckets,
  },
  (table) => [primaryKey({ columns: [table.route, table.method, table.status] })],
);

export const counters = sqliteTable(
  'counters',
  {
    name: text('name').notNull(),
    outcome: text('outcome').notNull(),
    value: integer('value').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.name, table.outcome] })],
);

export const gauges = sqliteTable('gauges', {
  name: text('name').primaryKey(),
  value: integer('value').notNull(),
});
