import { integer } from 'drizzle-orm/sqlite-core';

/** The time stamps of what callers change: milliseconds since the epoch. */
export const times = { createdAt: integer('created_at').notNull(), updatedAt: integer('updated_at').notNull() };
