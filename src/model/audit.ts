import * as v from 'valibot';

/** The changes of how somebody signs in that the person is told of by mail. */
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
] as const;

/** What the audit log knows beside the events that callers may hear of. */
export const AUDIT_TYPES = [
  ...NOTICES,
  'account.login-failed',
  'account.session-started',
  'account.session-ended',
  'account.reset-token-created',
  'account.consent-granted',
  'account.sign-in-settings-changed',
] as const;

export type AuditType = (typeof AUDIT_TYPES)[number];

/** The same, and a changed address, which is an event that callers hear of: the mail goes to the old one. */
export type NoticedChange = (typeof NOTICES)[number] | 'email-changed';

/** Where a request came from, as the audit log and a user's own list of sessions say it. */
export type Origin = { readonly address: string; readonly userAgent: string };

/** An entry's details: never a password, a code or a token. */
export const AuditDetails = v.object({
  reason: v.optional(v.string()),
  method: v.optional(v.string()),
  sessionId: v.optional(v.string()),
  name: v.optional(v.string()),
  scope: v.optional(v.string()),
  googleHostedDomain: v.optional(v.nullable(v.string())),
  address: v.optional(v.string()),
  userAgent: v.optional(v.string()),
});

export type AuditDetails = v.InferOutput<typeof AuditDetails>;
/** What happened, for the audit log only. */
export type AuditEvent = { readonly type: AuditType; readonly details: AuditDetails };
