/** What a person is told of by mail: changes of how to sign in, and that somebody else may know the password. */
export const NOTICES = [
  'account.password-changed',
  'account.two-factor-enabled',
  'account.two-factor-disabled',
  'account.recovery-codes-created',
  'account.recovery-code-used',
  'account.passkey-added',
  'account.passkey-removed',
  'account.google-linked',
  'account.google-unlinked',
  'account.second-factor-guessed',
] as const;

/** What the audit log knows beside the events that callers may hear of. */
export const AUDIT_TYPES = [
  ...NOTICES,
  'account.two-factor-secret-created',
  'account.login-failed',
  'account.session-started',
  'account.session-ended',
  'account.reset-token-created',
  'account.google-allowed',
  'account.consent-granted',
  'account.credentials-reset',
  'account.consent-withdrawn',
  'account.sign-in-settings-changed',
  'account.link-requested',
  'branding.updated',
  'client.created',
  'client.updated',
  'client.revoked',
  'client.token-revoked',
  'status-update.published',
  'subscription.confirmed',
  'subscription.suppressed',
  'storage-account.created',
  'storage-account.updated',
  'storage-account.deleted',
  'storage-account.purged',
  'storage-object.stored',
  'storage-object.deleted',
  'webhook.token-changed',
  'webhook.tested',
  'webhook.redelivered',
  'webhook.recovery-started',
] as const;

export type AuditType = (typeof AUDIT_TYPES)[number];

/** The same, and a changed address, which is an event that callers hear of: the mail goes to the old one. */
export type NoticedChange = (typeof NOTICES)[number] | 'email-changed';

/** Where a request came from, as the audit log and a user's own list of sessions say it. */
export type Origin = { readonly address: string; readonly userAgent: string };
/** Of what no request asked for, or whose request is another reseller's own affair. */
export const NOWHERE: Origin = { address: '', userAgent: '' };

/** What an entry says of somebody's signing in: never a password, a code or a token. */
export type AuditDetails = Partial<Origin> & {
  readonly reason?: string;
  readonly method?: string;
  readonly name?: string;
  readonly scope?: string;
  readonly sessionId?: string;
};
/** What happened, for the audit log only: what there is to say of it, or how something is by now; and how it was before. */
export type AuditEvent = { readonly type: AuditType; readonly before?: object | null; readonly details: object | null };

/** A row of the audit log: an event that callers may hear of, or what only the log knows. */
export type AuditEntry = Origin & {
  readonly id: string;
  readonly resellerId: string | null;
  readonly type: string;
  readonly actor: string;
  readonly subject: string;
  readonly before: object | null;
  readonly after: object | null;
  readonly requestId: string;
  readonly occurredAt: number;
  /** The row's seal in the log's chain; null until the next minute's. */
  readonly hash: string | null;
};

/** What the log can be searched by; null: whatever it is. */
export const AUDIT_FILTERS = ['subject', 'actor', 'type'] as const;

export type AuditQuery = { readonly [K in (typeof AUDIT_FILTERS)[number]]: string | null } & {
  readonly resellerId: string | null;
  /** From this time on, and before that one; in milliseconds since the epoch. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly descending: boolean;
  /** The entry that the page comes after. */
  readonly after: string | null;
  readonly limit: number;
};
