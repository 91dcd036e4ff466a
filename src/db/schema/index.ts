/**
 * The tables as the migrations make them (STRICT, with CHECKs, triggers and partial indexes that drizzle cannot
 * express); a test compares them. Times are milliseconds since the epoch. `*_key` columns hold the folded form of names
 * and addresses.
 */
export * from './clients.ts';
export * from './emails.ts';
export * from './factors.ts';
export * from './metrics.ts';
export * from './sign-in.ts';
export * from './status-updates.ts';
export * from './storage.ts';
export * from './tenants.ts';
export * from './usage.ts';
export * from './webhooks.ts';
export * from './work.ts';
