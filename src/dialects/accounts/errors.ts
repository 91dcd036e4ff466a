import { failureMessage, internalError, type MessageExceptions } from '../../http/failure-message.ts';
import type { WireError } from '../../http/routes/dialect.ts';
import type { Failure, Issue } from '../../model/failure.ts';
import { stamp } from './envelope.ts';

const exceptions: MessageExceptions = {
  invalid: [400, ({ issues }) => issues.map(toSentence).join(' ')],
  not_found: [404, 'Not Found'],
  last_admin: [409, 'This is the last user.admin of the account; make another one first.'],
};

export function toWire(failure: Failure, nowMs: number): WireError {
  const { status, message } = failureMessage(failure, exceptions);
  const code = failure.kind === 'not_primary' ? { errorCode: 'TenantNotPrimary' } : {};
  return { status, body: { error: status, message, ...code, status: 'error', timestamp: stamp(nowMs) } };
}

export function faultBody(requestId: string, nowMs: number) {
  return { error: 500, message: internalError(requestId), status: 'error', timestamp: stamp(nowMs) };
}

/** A message about an id is complete; others start with the field. */
function toSentence({ in: where, field, message }: Issue): string {
  return where === 'path' || field === '' ? message : `'${field}': ${message}`;
}
