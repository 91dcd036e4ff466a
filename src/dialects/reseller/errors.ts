import { failureMessage, type MessageExceptions, NOT_FOUND_MESSAGES } from '../../http/failure-message.ts';
import type { WireError } from '../../http/routes/dialect.ts';
import type { Failure, Issue } from '../../model/failure.ts';

/** The error types of FastAPI (pydantic); any other is a `value_error`. */
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

const absent: typeof NOT_FOUND_MESSAGES = {
  ...NOT_FOUND_MESSAGES,
  organization: 'Customer not found.',
  route: 'Not Found',
};

const exceptions: MessageExceptions = {
  invalid: [422],
  sign_in_failed: [401],
  factor_required: [401],
  token_missing: [401, 'Not authenticated.'],
  token_invalid: [401, 'The credential is not valid, has run out or was revoked.'],
  not_found: [404, ({ what }) => absent[what]],
  limit_reached: [
    409,
    ({ what }) => `No more ${what === 'organizations' ? 'customers' : what.replace('_', ' ')} are allowed here.`,
  ],
  name_taken: [409, 'A customer with this name exists already.'],
};

export function toWire(failure: Failure): WireError {
  const { status, message } = failureMessage(failure, exceptions);
  return { status, body: { detail: failure.kind === 'invalid' ? failure.issues.map(toDetail) : message } };
}

export function faultBody(requestId: string) {
  return { detail: `Internal Server Error (request ${requestId}).` };
}

function toDetail({ in: where, field, message, rule }: Issue) {
  const path = field === '' ? [] : field.split('.');
  return { loc: [where, ...path], msg: message, type: types[rule] ?? 'value_error' };
}
