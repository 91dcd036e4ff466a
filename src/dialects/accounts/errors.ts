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
import type { Failure, Issue } from '../../model/failure.ts';
import { stamp } from './envelope.ts';

/** Every failure in the accounts dialect's shape and, where the contract prints them, words. */
export function toWire(failure: Failure, nowMs: number): Wire {
  const [status, message, errorCode] = say(failure);
  const code = errorCode === undefined ? {} : { errorCode };
  return { status, body: { error: status, message, ...code, status: 'error', timestamp: stamp(nowMs) } };
}

/** A fault of ours: nothing but the id to ask about. */
export function faultBody(requestId: string, nowMs: number) {
  const message = `Something went wrong on our side (request ${requestId}).`;
  return { error: 500, message, status: 'error', timestamp: stamp(nowMs) };
}

function say(failure: Failure): readonly [status: number, message: string, errorCode?: string] {
  switch (failure.kind) {
    case 'invalid':
      return [400, failure.issues.map(toSentence).join(' ')];
    case 'sign_in_failed':
    case 'factor_required':
    case 'link_not_valid':
      return [400, signInWords(failure)];
    case 'user_required':
    case 'link_required':
    case 'factor_enrolment_required':
    case 'recent_sign_in_required':
    case 'self_refused':
      return [403, signInWords(failure)];
    case 'factor_present':
    case 'factor_absent':
    case 'last_membership':
      return [409, signInWords(failure)];
    case 'provider_unavailable':
      return [503, signInWords(failure)];
    case 'not_json':
      return [400, 'The body is not JSON in UTF-8.'];
    case 'target_missing':
      return [400, `The target location specified by path segment '${failure.segment}' was not found.`];
    case 'not_primary':
      return [400, 'This is not the primary tenant for this User.', 'TenantNotPrimary'];
    case 'token_missing':
      return [401, 'Send an access token as Authorization: Bearer.'];
    case 'token_invalid':
      return [401, 'The access token is not valid, has run out or was revoked.'];
    case 'scope_missing':
      return [403, `This needs the scope ${failure.scope}.`];
    case 'realm_missing':
      return [403, 'This needs a credential of a reseller.'];
    case 'grant_refused':
      return [403, grantRefused(failure.scope)];
    case 'not_found':
      return [404, 'Not Found'];
    case 'method_not_allowed':
      return [405, methodNotAllowed(failure.allow)];
    case 'limit_reached':
      return [409, `No more ${failure.what.replace('_', ' ')} are allowed here.`];
    case 'email_taken':
      return [409, emailTaken];
    case 'name_taken':
      return [409, 'This name is taken.'];
    case 'last_admin':
      return [409, 'This is the last user.admin of the account; make another one first.'];
    case 'user_disabled':
      return [409, userDisabled];
    case 'webhook_disabled':
      return [409, 'The webhook is disabled; enable it first.'];
    case 'event_too_old':
      return [409, eventTooOld];
    case 'attempt_under_way':
      return [409, 'An attempt is under way at this moment; try again in a minute.'];
    case 'recovery_running':
      return [409, 'A recovery of this webhook is still running.'];
    case 'changed_meanwhile':
      return [409, 'Other requests kept changing this at the same time; try again.'];
    case 'storage_not_empty':
      return [409, 'The storage account has objects in it; ?purge=true deletes them too.'];
    case 'request_in_progress':
      return [409, 'A request with this Idempotency-Key is still running.'];
    case 'length_required':
      return [411, 'Say by Content-Length how many bytes there are.'];
    case 'precondition_failed':
      return [412, 'If-Match or If-None-Match does not hold: the object was changed, or is there already.'];
    case 'storage_full':
      return [413, 'The quota of the storage account has no room for it.'];
    case 'range_unsatisfiable':
      return [416, `The object has ${failure.sizeBytes} bytes.`];
    case 'too_large':
      return [413, `A body has at most ${failure.maxBytes} bytes.`];
    case 'media_type':
      return [415, `Send the body as ${failure.expected}.`];
    case 'idempotency_key_reused':
      return [422, 'This Idempotency-Key was used with another request.'];
    case 'rate_limited':
      return [429, tooMany(failure)];
  }
}

/** A wrong id speaks for itself; of anything else the field is named. */
function toSentence({ in: where, field, message }: Issue): string {
  return where === 'path' || field === '' ? message : `'${field}': ${message}`;
}
