export const NOTICE_TYPES = [
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

export const AUDIT_TYPES = [
  ...NOTICE_TYPES,
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

export type NoticeType = (typeof NOTICE_TYPES)[number] | 'email-changed';

export type RequestOrigin = { readonly address: string; readonly userAgent: string };
/** No request, or one of another tenant. */
export const NO_ORIGIN: RequestOrigin = { address: '', userAgent: '' };

/** Never a password, code or token. */
export type AuditDetails = Partial<RequestOrigin> & {
  readonly reason?: string;
  readonly method?: string;
  readonly name?: string;
  readonly scope?: string;
  readonly sessionId?: string;
};
export type AuditEvent = { readonly type: AuditType; readonly before?: object | null; readonly details: object | null };

export type AuditEntry = RequestOrigin & {
  readonly id: string;
  readonly resellerId: string | null;
  readonly type: string;
  readonly actor: string;
  readonly subject: string;
  readonly before: object | null;
  readonly after: object | null;
  readonly requestId: string;
  readonly occurredAt: number;
  readonly hash: string | null;
};

export const AUDIT_FILTERS = ['subject', 'actor', 'type'] as const;

export type AuditQuery = { readonly [K in (typeof AUDIT_FILTERS)[number]]: string | null } & {
  readonly resellerId: string | null;
  /** Inclusive; `toMs` is exclusive. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly descending: boolean;
  readonly after: string | null;
  readonly limit: number;
};
