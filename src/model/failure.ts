import { type Budget, isBudget } from './usage/budgets.ts';

export type Issue = {
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly field: string;
  readonly message: string;
  /** valibot's name; `missing` for an absent value. */
  readonly rule: string;
};

export type Absent =
  | 'reseller'
  | 'organization'
  | 'user'
  | 'client'
  | 'webhook'
  | 'delivery'
  | 'recovery'
  | 'storage_account'
  | 'object'
  | 'status_update'
  | 'session'
  | 'membership'
  | 'consent'
  | 'passkey'
  | 'identity'
  | 'provider'
  | 'route';

type SignInRefusal =
  /** The same for every cause. */
  | { readonly kind: 'sign_in_failed' }
  | { readonly kind: 'factor_required' }
  | { readonly kind: 'user_required' }
  | { readonly kind: 'factor_enrolment_required' }
  | { readonly kind: 'recent_sign_in_required' }
  | { readonly kind: 'self_refused' }
  | { readonly kind: 'factor_present' }
  | { readonly kind: 'factor_absent'; readonly missing: 'factor' | 'authenticator' | 'secret' }
  | { readonly kind: 'link_not_valid' }
  /** An administrator set the password or address: only a mailed link proves the person. */
  | { readonly kind: 'link_required' }
  | { readonly kind: 'last_membership' }
  | { readonly kind: 'provider_unavailable' };

export type Failure =
  | SignInRefusal
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  | { readonly kind: 'not_json' }
  | { readonly kind: 'media_type'; readonly expected: string }
  | { readonly kind: 'too_large'; readonly maxBytes: number }
  | { readonly kind: 'token_missing' }
  | { readonly kind: 'token_invalid' }
  | { readonly kind: 'scope_missing'; readonly scope: string }
  | { readonly kind: 'realm_missing' }
  | { readonly kind: 'not_found'; readonly what: Absent }
  | { readonly kind: 'method_not_allowed'; readonly allow: readonly string[] }
  | {
      readonly kind: 'limit_reached';
      readonly what: 'users' | 'organizations' | 'webhooks' | 'clients' | 'storage_accounts';
    }
  | { readonly kind: 'email_taken' }
  | { readonly kind: 'name_taken' }
  | { readonly kind: 'grant_refused'; readonly scope: string | null }
  | { readonly kind: 'last_admin' }
  | { readonly kind: 'user_disabled' }
  | { readonly kind: 'not_primary' }
  /** RFC 6902 §4. */
  | { readonly kind: 'target_missing'; readonly segment: string }
  | { readonly kind: 'webhook_disabled' }
  | { readonly kind: 'event_too_old' }
  | { readonly kind: 'attempt_under_way' }
  | { readonly kind: 'recovery_running' }
  | { readonly kind: 'storage_full' }
  | { readonly kind: 'storage_not_empty' }
  | { readonly kind: 'length_required' }
  | { readonly kind: 'precondition_failed' }
  | { readonly kind: 'range_unsatisfiable'; readonly sizeBytes: number }
  | { readonly kind: 'changed_meanwhile' }
  | { readonly kind: 'request_in_progress' }
  | { readonly kind: 'idempotency_key_reused' }
  | {
      readonly kind: 'rate_limited';
      readonly retryAfterSeconds: number;
      readonly of?: 'mails' | 'status_updates' | 'sign_ins' | Budget;
    };

/** `message` is logged and never leaves. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly failure: Failure;

  constructor(failure: Failure, forLog: string = failure.kind) {
    super(forLog);
    this.failure = failure;
  }
}

export function refuse(failure: Failure, forLog?: string): never {
  throw new Refusal(failure, forLog);
}

export function exceededBudget(failure: Failure): Budget | null {
  if (failure.kind !== 'rate_limited' || failure.of === undefined) return null;
  return isBudget(failure.of) ? failure.of : null;
}

export function absent(what: Absent): Failure {
  return { kind: 'not_found', what };
}

export const SENSITIVE_CHANGE_FAILURES = [{ kind: 'recent_sign_in_required' }, { kind: 'user_required' }] as const;

export function invalid(where: Issue['in'], field: string, message: string, rule = 'check'): Failure {
  return { kind: 'invalid', issues: [{ in: where, field, message, rule }] };
}
