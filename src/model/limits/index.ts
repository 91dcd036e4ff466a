// Every number of the product: the unit in its name, the reason beside it.

export * from './budgets.ts';
export * from './credentials.ts';
export * from './emails.ts';
export * from './events.ts';
export * from './factors.ts';
export * from './fields.ts';
export * from './jobs.ts';
export * from './lists.ts';
export * from './oauth.ts';
export * from './operations.ts';
export * from './rates.ts';
export * from './requests.ts';
export * from './sign-in.ts';
export * from './status-updates.ts';
export * from './storage.ts';
export * from './users.ts';
export * from './webhooks.ts';
export * from './work.ts';
