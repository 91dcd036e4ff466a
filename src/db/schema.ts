/**
 * The tables as the migrations make them (STRICT, with the CHECKs, triggers and partial indexes that drizzle cannot
 * say); a test compares the two. Times are milliseconds since the epoch. `*_key` columns hold the folded form by which
 * names and addresses are compared, searched and sorted.
 */
export * from './schema/access.ts';
export * from './schema/budgets.ts';
export * from './schema/factors.ts';
export * from './schema/mails.ts';
export * from './schema/metrics.ts';
export * from './schema/sign-in.ts';
export * from './schema/status-updates.ts';
export * from './schema/storage.ts';
export * from './schema/tenants.ts';
export * from './schema/webhooks.ts';
export * from './schema/work.ts';
