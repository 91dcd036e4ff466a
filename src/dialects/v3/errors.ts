import { failureMessage, internalError, type MessageExceptions } from '../../http/failure-message.ts';
import type { WireError } from '../../http/routes/dialect.ts';
import type { Absent, Failure } from '../../model/failure.ts';

const ABSENT: Partial<Readonly<Record<Absent, string>>> = {
  reseller: 'RESELLER_NOT_FOUND',
  organization: 'ORGANIZATION_NOT_FOUND',
  user: 'USER_NOT_FOUND',
  webhook: 'WEBHOOK_NOT_FOUND',
};

const FULL = {
  users: 'USER_LIMIT_REACHED',
  organizations: 'ORGANIZATION_LIMIT_REACHED',
  webhooks: 'WEBHOOK_LIMIT_REACHED',
  clients: 'CLIENT_LIMIT_REACHED',
  storage_accounts: 'STORAGE_ACCOUNT_LIMIT_REACHED',
} as const;

/** Without the kinds whose code depends on their subject. */
const CODES: Readonly<Record<Exclude<Failure['kind'], 'not_found' | 'limit_reached'>, string>> = {
  invalid: 'VALIDATION_FAILED',
  not_json: 'VALIDATION_FAILED',
  target_missing: 'VALIDATION_FAILED',
  sign_in_failed: 'AUTHENTICATION_FAILED',
  factor_required: 'TWO_FACTOR_CODE_REQUIRED',
  link_not_valid: 'RESET_TOKEN_INVALID',
  user_required: 'USER_REQUIRED',
  factor_enrolment_required: 'TWO_FACTOR_ENROLMENT_REQUIRED',
  recent_sign_in_required: 'RECENT_SIGN_IN_REQUIRED',
  self_refused: 'SELF_REFUSED',
  factor_present: 'TWO_FACTOR_ALREADY_ENABLED',
  factor_absent: 'TWO_FACTOR_NOT_ENABLED',
  link_required: 'LINK_REQUIRED',
  last_membership: 'LAST_MEMBERSHIP',
  provider_unavailable: 'PROVIDER_UNAVAILABLE',
  media_type: 'UNSUPPORTED_MEDIA_TYPE',
  too_large: 'PAYLOAD_TOO_LARGE',
  token_missing: 'AUTHENTICATION_REQUIRED',
  token_invalid: 'INVALID_TOKEN',
  scope_missing: 'INSUFFICIENT_SCOPE',
  realm_missing: 'RESELLER_REQUIRED',
  method_not_allowed: 'METHOD_NOT_ALLOWED',
  email_taken: 'EMAIL_ALREADY_EXISTS',
  name_taken: 'NAME_ALREADY_EXISTS',
  grant_refused: 'GRANT_REFUSED',
  last_admin: 'LAST_ADMIN',
  not_primary: 'TENANT_NOT_PRIMARY',
  user_disabled: 'USER_DISABLED',
  webhook_disabled: 'WEBHOOK_DISABLED',
  event_too_old: 'EVENT_TOO_OLD',
  attempt_under_way: 'ATTEMPT_IN_PROGRESS',
  recovery_running: 'RECOVERY_RUNNING',
  storage_full: 'STORAGE_FULL',
  storage_not_empty: 'STORAGE_NOT_EMPTY',
  length_required: 'LENGTH_REQUIRED',
  precondition_failed: 'PRECONDITION_FAILED',
  range_unsatisfiable: 'RANGE_NOT_SATISFIABLE',
  changed_meanwhile: 'CONFLICT',
  request_in_progress: 'REQUEST_IN_PROGRESS',
  idempotency_key_reused: 'IDEMPOTENCY_KEY_REUSED',
  rate_limited: 'RATE_LIMIT_EXCEEDED',
};

const exceptions: MessageExceptions = { limit_reached: [400] };

export function toWire(failure: Failure): WireError {
  const { status, message } = failureMessage(failure, exceptions);
  const code = codeOf(failure);
  const hint = failure.kind === 'factor_required' ? ' The fields are twoFactorCode and twoFactorRecoveryCode.' : '';
  const issues = failure.kind === 'invalid' ? failure.issues : [];
  const errors = issues.map((issue) => ({ field: issue.field, message: issue.message }));
  return {
    status,
    body: { message: message + hint, code, ...(code === CODES.invalid && { errors }) },
  };
}

function codeOf(failure: Failure): string {
  if (failure.kind === 'not_found') return ABSENT[failure.what] ?? 'NOT_FOUND';
  return failure.kind === 'limit_reached' ? FULL[failure.what] : CODES[failure.kind];
}

export function faultBody(requestId: string) {
  return { message: internalError(requestId), code: 'INTERNAL_ERROR' };
}
