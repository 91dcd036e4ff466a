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
import type { IdentityRefused, ProviderUnavailable } from '../../model/sign-in/identity.ts';

export const rejected = (detail: string): IdentityRefused => ({ kind: 'refused', reason: 'rejected', detail });
export const unavailable = (detail: string): ProviderUnavailable => ({ kind: 'unavailable', detail });

/** RFC 6749 §4.1.2.1. */
const SERVER_ERRORS = ['server_error', 'temporarily_unavailable'];
const FAILED_CHECKS = [INVALID_RESPONSE, JSON_ATTRIBUTE_COMPARISON, JWT_CLAIM_COMPARISON, JWT_TIMESTAMP_CHECK];
const KEY_SERVER_ERRORS = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];

/** The libraries' messages quote nothing of their input. */
export function outcomeOf(error: unknown): IdentityRefused | ProviderUnavailable {
  if (error instanceof AuthorizationResponseError) return authorizationErrorOutcome(error.error);
  if (error instanceof ResponseBodyError) return tokenErrorOutcome(error.error);
  const detail = error instanceof Error ? error.message : 'no error';
  const isCheck =
    error instanceof UnsupportedOperationError ||
    (error instanceof OperationProcessingError && FAILED_CHECKS.includes(error.code ?? '')) ||
    (error instanceof errors.JOSEError && !KEY_SERVER_ERRORS.includes(error.code));
  return isCheck ? rejected(detail) : unavailable(detail);
}

function authorizationErrorOutcome(code: string): IdentityRefused | ProviderUnavailable {
  if (code === 'access_denied') return { kind: 'refused', reason: 'declined', detail: code };
  return SERVER_ERRORS.includes(code) ? unavailable(code) : rejected(safeErrorCode(code));
}

/** Only `invalid_grant` concerns this browser; other errors would meet every user. */
function tokenErrorOutcome(code: string): IdentityRefused | ProviderUnavailable {
  return code === 'invalid_grant' ? rejected(code) : unavailable(safeErrorCode(code));
}

/** Log injection: only well-formed codes are logged. */
function safeErrorCode(code: string): string {
  return /^[\w.-]{1,64}$/.test(code) ? code : 'an error that is no code';
}
