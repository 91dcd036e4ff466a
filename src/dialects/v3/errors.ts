import type { Wire } from '../../http/routes/dialect.ts';
import {
  emailTaken,
  eventTooOld,
  grantRefused,
  methodNotAllowed,
  signInWords,
  tooMany,
  userDisabled,
} from '../../http/wording.ts';
import type { Absent, Failure, Issue, SignInRefusal } from '../../model/failure.ts';

const absent: Readonly<Record<Absent, readonly [code: string, message: string]>> = {
  reseller: ['RESELLER_NOT_FOUND', 'Reseller not found.'],
  organization: ['ORGANIZATION_NOT_FOUND', 'Organization not found.'],
  user: ['USER_NOT_FOUND', 'User not found.'],
  client: ['NOT_FOUND', 'API client not found.'],
  webhook: ['WEBHOOK_NOT_FOUND', 'Webhook not found.'],
  delivery: ['NOT_FOUND', 'Event log not found.'],
  recovery: ['NOT_FOUND', 'Recovery not found.'],
  storage_account: ['NOT_FOUND', 'Storage account not found.'],
  object: ['NOT_FOUND', 'Object not found.'],
  status_update: ['NOT_FOUND', 'Status update not found.'],
  session: ['NOT_FOUND', 'Session not found.'],
  membership: ['NOT_FOUND', 'Membership not found.'],
  consent: ['NOT_FOUND', 'Consent not found.'],
  passkey: ['NOT_FOUND', 'Passkey not found.'],
  identity: ['NOT_FOUND', 'No outside identity is linked.'],
  provider: ['NOT_FOUND', 'There is no provider to sign in with here.'],
  route: ['NOT_FOUND', 'There is nothing at this address.'],
};

const full = {
  users: 'USER_LIMIT_REACHED',
  organizations: 'ORGANIZATION_LIMIT_REACHED',
  webhooks: 'WEBHOOK_LIMIT_REACHED',
  clients: 'CLIENT_LIMIT_REACHED',
  storage_accounts: 'STORAGE_ACCOUNT_LIMIT_REACHED',
} as const;

const signIn = {
  sign_in_failed: [400, 'AUTHENTICATION_FAILED'],
  factor_required: [400, 'TWO_FACTOR_CODE_REQUIRED'],
  link_not_valid: [400, 'RESET_TOKEN_INVALID'],
  user_required: [403, 'USER_REQUIRED'],
  factor_enrolment_required: [403, 'TWO_FACTOR_ENROLMENT_REQUIRED'],
  recent_sign_in_required: [403, 'RECENT_SIGN_IN_REQUIRED'],
  self_refused: [403, 'SELF_REFUSED'],
  factor_present: [409, 'TWO_FACTOR_ALREADY_ENABLED'],
  factor_absent: [409, 'TWO_FACTOR_NOT_ENABLED'],
  link_required: [403, 'LINK_REQUIRED'],
  last_membership: [409, 'LAST_MEMBERSHIP'],
  provider_unavailable: [503, 'PROVIDER_UNAVAILABLE'],
} as const;

/** Every failure in v3's words (contracts: v3, Error codes). */
export function toWire(failure: Failure): Wire {
  switch (failure.kind) {
    case 'invalid':
      return validation('The request is not valid.', failure.issues);
    case 'sign_in_failed':
    case 'factor_required':
    case 'link_not_valid':
    case 'user_required':
    case 'factor_enrolment_required':
    case 'recent_sign_in_required':
    case 'self_refused':
    case 'factor_present':
    case 'factor_absent':
    case 'link_required':
    case 'last_membership':
    case 'provider_unavailable':
      return signInRefused(failure);
    case 'not_json':
      return validation('The body is not JSON in UTF-8.', []);
    case 'media_type':
      return error(415, 'UNSUPPORTED_MEDIA_TYPE', `Send the body as ${failure.expected}.`);
    case 'too_large':
      return error(413, 'PAYLOAD_TOO_LARGE', `A body has at most ${failure.maxBytes} bytes.`);
    case 'token_missing':
      return error(401, 'AUTHENTICATION_REQUIRED', 'Send an access token as Authorization: Bearer.');
    case 'token_invalid':
      return error(401, 'INVALID_TOKEN', 'The access token is not valid, has run out or was revoked.');
    case 'scope_missing':
      return error(403, 'INSUFFICIENT_SCOPE', `This needs the scope ${failure.scope}.`);
    case 'realm_missing':
      return error(403, 'RESELLER_REQUIRED', 'This needs a credential of a reseller.');
    case 'not_found':
      return error(404, ...absent[failure.what]);
    case 'method_not_allowed':
      return error(405, 'METHOD_NOT_ALLOWED', methodNotAllowed(failure.allow));
    case 'limit_reached':
      return error(400, full[failure.what], `No more ${failure.what.replace('_', ' ')} are allowed here.`);
    case 'email_taken':
      return error(409, 'EMAIL_ALREADY_EXISTS', emailTaken);
    case 'name_taken':
      return error(409, 'NAME_ALREADY_EXISTS', 'This name is taken.');
    case 'grant_refused':
      return error(403, 'GRANT_REFUSED', grantRefused(failure.scope));
    case 'last_admin':
      return error(409, 'LAST_ADMIN', 'This is the last user.admin of the reseller; make another one first.');
    case 'not_primary':
      return error(400, 'TENANT_NOT_PRIMARY', 'This is not the primary tenant for this User.');
    case 'target_missing':
      return validation(`The path segment '${failure.segment}' points at nothing.`, []);
    case 'user_disabled':
      return error(409, 'USER_DISABLED', userDisabled);
    case 'webhook_disabled':
      return error(409, 'WEBHOOK_DISABLED', 'The webhook is disabled; enable it first.');
    case 'event_too_old':
      return error(409, 'EVENT_TOO_OLD', eventTooOld);
    case 'attempt_under_way':
      return error(409, 'ATTEMPT_IN_PROGRESS', 'An attempt is under way at this moment; try again in a minute.');
    case 'recovery_running':
      return error(409, 'RECOVERY_RUNNING', 'A recovery of this webhook is still running.');
    case 'storage_full':
      return error(413, 'STORAGE_FULL', 'The quota of this storage account has no room for it.');
    case 'storage_not_empty':
      return error(409, 'STORAGE_NOT_EMPTY', 'The storage account has objects in it.');
    case 'length_required':
      return error(411, 'LENGTH_REQUIRED', 'Say by Content-Length how many bytes there are.');
    case 'precondition_failed':
      return error(
        412,
        'PRECONDITION_FAILED',
        'If-Match or If-None-Match does not hold: the object was changed, or is there already.',
      );
    case 'range_unsatisfiable':
      return error(416, 'RANGE_NOT_SATISFIABLE', `The object has ${failure.sizeBytes} bytes.`);
    case 'changed_meanwhile':
      return error(409, 'CONFLICT', 'Other requests kept changing this at the same time; try again.');
    case 'request_in_progress':
      return error(409, 'REQUEST_IN_PROGRESS', 'A request with this Idempotency-Key is still running.');
    case 'idempotency_key_reused':
      return error(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with another request.');
    case 'rate_limited':
      return error(429, 'RATE_LIMIT_EXCEEDED', tooMany(failure));
  }
}

function signInRefused(failure: SignInRefusal): Wire {
  const [status, code] = signIn[failure.kind];
  const hint = failure.kind === 'factor_required' ? ' The fields are twoFactorCode and twoFactorRecoveryCode.' : '';
  return error(status, code, signInWords(failure) + hint);
}

/** A fault of ours: nothing but the id to ask about. */
export function faultBody(requestId: string) {
  return { message: `Something went wrong on our side (request ${requestId}).`, code: 'INTERNAL_ERROR' };
}

function error(status: number, code: string, message: string): Wire {
  return { status, body: { message, code } };
}

function validation(message: string, issues: readonly Issue[]): Wire {
  const errors = issues.map((issue) => ({ field: issue.field, message: issue.message }));
  return { status: 400, body: { message, code: 'VALIDATION_FAILED', errors } };
}
