import { errors } from 'jose';
import {
  AuthorizationResponseError,
  INVALID_RESPONSE,
  JSON_ATTRIBUTE_COMPARISON,
  JWT_CLAIM_COMPARISON,
  JWT_TIMESTAMP_CHECK,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
} from 'oauth4webapi';
import type { Refused, Unavailable } from '../../model/sign-in/identity.ts';

export const rejected = (detail: string): Refused => ({ kind: 'refused', reason: 'rejected', detail });
export const unavailable = (detail: string): Unavailable => ({ kind: 'unavailable', detail });

/** RFC 6749 §4.1.2.1. */
const SERVERS_TROUBLE = ['server_error', 'temporarily_unavailable'];
const CHECKS_THAT_FAIL = [INVALID_RESPONSE, JSON_ATTRIBUTE_COMPARISON, JWT_CLAIM_COMPARISON, JWT_TIMESTAMP_CHECK];
const KEY_SERVERS_TROUBLE = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];

/** The libraries' messages quote nothing of their input. */
export function outcomeOf(error: unknown): Refused | Unavailable {
  if (error instanceof AuthorizationResponseError) return outcomeOfAnswer(error.error);
  if (error instanceof ResponseBodyError) return outcomeOfExchange(error.error);
  const detail = error instanceof Error ? error.message : 'no error';
  const isCheck =
    error instanceof UnsupportedOperationError ||
    (error instanceof OperationProcessingError && CHECKS_THAT_FAIL.includes(error.code ?? '')) ||
    (error instanceof errors.JOSEError && !KEY_SERVERS_TROUBLE.includes(error.code));
  return isCheck ? rejected(detail) : unavailable(detail);
}

function outcomeOfAnswer(code: string): Refused | Unavailable {
  if (code === 'access_denied') return { kind: 'refused', reason: 'declined', detail: code };
  return SERVERS_TROUBLE.includes(code) ? unavailable(code) : rejected(plain(code));
}

/** Only `invalid_grant` concerns this browser; other errors would meet every user. */
function outcomeOfExchange(code: string): Refused | Unavailable {
  return code === 'invalid_grant' ? rejected(code) : unavailable(plain(code));
}

/** Log injection: only well-formed codes are logged. */
function plain(code: string): string {
  return /^[\w.-]{1,64}$/.test(code) ? code : 'an error that is no code';
}
