/** Every number of the product, with its unit in its name and its reason beside it, by what it bounds. */
export * from './limits/audit.ts';
export * from './limits/credentials.ts';
export * from './limits/fields.ts';
export * from './limits/lists.ts';
export * from './limits/mails.ts';
export * from './limits/oauth.ts';
export * from './limits/oidc.ts';
export * from './limits/operations.ts';
export * from './limits/passkeys.ts';
export * from './limits/rates.ts';
export * from './limits/requests.ts';
export * from './limits/second-factor.ts';
export * from './limits/sign-in.ts';
export * from './limits/status.ts';
export * from './limits/storage.ts';
export * from './limits/webhooks.ts';
export * from './limits/work.ts';
