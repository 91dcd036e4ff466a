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
import type { Absent, Failure, Issue } from '../../model/failure.ts';

const absent: Readonly<Record<Absent, string>> = {
  reseller: 'Reseller not found.',
  organization: 'Customer not found.',
  user: 'User not found.',
  client: 'API client not found.',
  webhook: 'Webhook not found.',
  delivery: 'Event log not found.',
  recovery: 'Recovery not found.',
  storage_account: 'Storage account not found.',
  object: 'Object not found.',
  status_update: 'Status update not found.',
  session: 'Session not found.',
  membership: 'Membership not found.',
  consent: 'Consent not found.',
  passkey: 'Passkey not found.',
  identity: 'No outside identity is linked.',
  provider: 'There is no provider to sign in with here.',
  route: 'Not Found',
};

/** FastAPI's names (pydantic's) for what was broken; the rest is a `value_error`. */
const types: Readonly<Record<string, string>> = {
  missing: 'missing',
  object: 'model_attributes_type',
  strict_object: 'extra_forbidden',
  string: 'string_type',
  number: 'int_type',
  integer: 'int_from_float',
  boolean: 'bool_type',
  picklist: 'enum',
  uuid: 'uuid_parsing',
  digits: 'int_parsing',
  min_length: 'string_too_short',
  max_length: 'string_too_long',
  min_value: 'greater_than_equal',
  max_value: 'less_than_equal',
  regex: 'string_pattern_mismatch',
};

/** Every failure in FastAPI's shapes (contracts: reseller). */
export function toWire(failure: Failure): Wire {
  switch (failure.kind) {
    case 'invalid':
      return { status: 422, body: { detail: failure.issues.map(toDetail) } };
    case 'sign_in_failed':
    case 'factor_required':
      return error(401, signInWords(failure));
    case 'link_not_valid':
      return error(400, signInWords(failure));
    case 'user_required':
    case 'link_required':
    case 'factor_enrolment_required':
    case 'recent_sign_in_required':
    case 'self_refused':
      return error(403, signInWords(failure));
    case 'factor_present':
    case 'factor_absent':
    case 'last_membership':
      return error(409, signInWords(failure));
    case 'provider_unavailable':
      return error(503, signInWords(failure));
    case 'not_json':
      return error(400, 'The body is not JSON in UTF-8.');
    case 'media_type':
      return error(415, `Send the body as ${failure.expected}.`);
    case 'too_large':
      return error(413, `A body has at most ${failure.maxBytes} bytes.`);
    case 'token_missing':
      return error(401, 'Not authenticated.');
    case 'token_invalid':
      return error(401, 'The credential is not valid, has run out or was revoked.');
    case 'scope_missing':
      return error(403, `This needs the scope ${failure.scope}.`);
    case 'realm_missing':
      return error(403, 'This needs a credential of a reseller.');
    case 'not_found':
      return error(404, absent[failure.what]);
    case 'method_not_allowed':
      return error(405, methodNotAllowed(failure.allow));
    case 'limit_reached':
      return error(
        409,
        `No more ${failure.what === 'organizations' ? 'customers' : failure.what.replace('_', ' ')} are allowed here.`,
      );
    case 'email_taken':
      return error(409, emailTaken);
    case 'name_taken':
      return error(409, 'A customer with this name exists already.');
    case 'grant_refused':
      return error(403, grantRefused(failure.scope));
    case 'last_admin':
      return error(409, 'This is the last user.admin of the reseller; make another one first.');
    case 'not_primary':
      return error(400, 'This is not the primary tenant for this User.');
    case 'target_missing':
      return error(400, `The path segment '${failure.segment}' points at nothing.`);
    case 'user_disabled':
      return error(409, userDisabled);
    case 'webhook_disabled':
      return error(409, 'The webhook is disabled; enable it first.');
    case 'event_too_old':
      return error(409, eventTooOld);
    case 'attempt_under_way':
      return error(409, 'An attempt is under way at this moment; try again in a minute.');
    case 'recovery_running':
      return error(409, 'A recovery of this webhook is still running.');
    case 'storage_full':
      return error(413, 'The quota of this storage account has no room for it.');
    case 'storage_not_empty':
      return error(409, 'The storage account has objects in it.');
    case 'length_required':
      return error(411, 'Say by Content-Length how many bytes there are.');
    case 'precondition_failed':
      return error(412, 'If-Match or If-None-Match does not hold: the object was changed, or is there already.');
    case 'range_unsatisfiable':
      return error(416, `The object has ${failure.sizeBytes} bytes.`);
    case 'changed_meanwhile':
      return error(409, 'Other requests kept changing this at the same time; try again.');
    case 'request_in_progress':
      return error(409, 'A request with this Idempotency-Key is still running.');
    case 'idempotency_key_reused':
      return error(422, 'This Idempotency-Key was used with another request.');
    case 'rate_limited':
      return error(429, tooMany(failure));
  }
}

/** A fault of ours: nothing but the id to ask about. */
export function faultBody(requestId: string) {
  return { detail: `Internal Server Error (request ${requestId}).` };
}

function error(status: number, detail: string): Wire {
  return { status, body: { detail } };
}

function toDetail({ in: where, field, message, rule }: Issue) {
  const path = field === '' ? [] : field.split('.');
  return { loc: [where, ...path], msg: message, type: types[rule] ?? 'value_error' };
}
