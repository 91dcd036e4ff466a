import { type Budget, isBudget } from './usage/budgets.ts';

export type Issue = {
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly field: string;
  readonly message: string;
  /** What was broken, by valibot's name for it; `missing` where there was nothing. */
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

/** What keeps somebody from signing in, or from changing how that is done. */
type SignInFailure =
  /** Whoever it is, and whatever was wrong. */
  | { readonly kind: 'sign_in_failed' }
  /** The password was right; a code of the authenticator, or a recovery code, has to come along. */
  | { readonly kind: 'factor_required' }
  /** Only somebody signed in has what this is about. */
  | { readonly kind: 'user_required' }
  /** The reseller asks for a second factor, and the user has none yet. */
  | { readonly kind: 'factor_enrolment_required' }
  /** The sign-in is too long ago for what only the user may do. */
  | { readonly kind: 'recent_sign_in_required' }
  /** Users change their own way to sign in by routes of their own. */
  | { readonly kind: 'self_refused' }
  | { readonly kind: 'factor_present' }
  /** `missing`: any second factor, one that is an authenticator, or even the secret for one. */
  | { readonly kind: 'factor_absent'; readonly missing: 'factor' | 'authenticator' | 'secret' }
  /** A token that sets a password, used, replaced or run out. */
  | { readonly kind: 'link_not_valid' }
  /** Another credential set the user's password or address: only the link that was mailed proves the person. */
  | { readonly kind: 'link_required' }
  /** A user's only membership ends with its account. */
  | { readonly kind: 'last_membership' }
  /** The outside provider to sign in with cannot be reached, or does not do its part. */
  | { readonly kind: 'provider_unavailable' };

/** Everything the product expects to go wrong; each dialect says each of them in its own words. */
export type Failure =
  | SignInFailure
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  | { readonly kind: 'not_json' }
  | { readonly kind: 'media_type'; readonly expected: string }
  | { readonly kind: 'too_large'; readonly maxBytes: number }
  | { readonly kind: 'token_missing' }
  | { readonly kind: 'token_invalid' }
  | { readonly kind: 'scope_missing'; readonly scope: string }
  /** A credential of no reseller, where the reseller is the credential's own. */
  | { readonly kind: 'realm_missing' }
  | { readonly kind: 'not_found'; readonly what: Absent }
  | { readonly kind: 'method_not_allowed'; readonly allow: readonly string[] }
  | {
      readonly kind: 'limit_reached';
      readonly what: 'users' | 'organizations' | 'webhooks' | 'clients' | 'storage_accounts';
    }
  | { readonly kind: 'email_taken' }
  | { readonly kind: 'name_taken' }
  /** A right that the caller would give, or take over, without having it; null: one in another reseller. */
  | { readonly kind: 'grant_refused'; readonly scope: string | null }
  /** The reseller would have no `user.admin` left. */
  | { readonly kind: 'last_admin' }
  /** The user's name, address and sign-in belong to another tenant. */
  | { readonly kind: 'not_primary' }
  /** A JSON Patch points at nothing (RFC 6902 §4). */
  | { readonly kind: 'target_missing'; readonly segment: string }
  | { readonly kind: 'webhook_disabled' }
  /** Too long ago to be sent again. */
  | { readonly kind: 'event_too_old' }
  | { readonly kind: 'attempt_under_way' }
  | { readonly kind: 'recovery_running' }
  /** A storage account whose quota has no room for an upload of this size. */
  | { readonly kind: 'storage_full' }
  | { readonly kind: 'storage_not_empty' }
  | { readonly kind: 'length_required' }
  | { readonly kind: 'precondition_failed' }
  | { readonly kind: 'range_unsatisfiable'; readonly sizeBytes: number }
  | { readonly kind: 'changed_meanwhile' }
  | { readonly kind: 'request_in_progress' }
  | { readonly kind: 'idempotency_key_reused' }
  /** `of`: mails to one user, status updates, failures to sign in, or a budget of the tenant, rather than requests. */
  | {
      readonly kind: 'rate_limited';
      readonly retryAfterSeconds: number;
      readonly of?: 'mails' | 'status_updates' | 'sign_ins' | Budget;
    };

/** An expected failure on its way to the caller. `message` is for the log and never leaves. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly failure: Failure;

  constructor(failure: Failure, forLog: string = failure.kind) {
    super(forLog);
    this.failure = failure;
  }
}

/** Ends the request with `failure`; `forLog` says more to the operator than the caller may know. */
export function refuse(failure: Failure, forLog?: string): never {
  throw new Refusal(failure, forLog);
}

/** The tenant budget that was exceeded; null for any other limit. */
export function budgetOf(failure: Failure): Budget | null {
  if (failure.kind !== 'rate_limited' || failure.of === undefined) return null;
  return isBudget(failure.of) ? failure.of : null;
}

/** That something is not there, or not the caller's. */
export function absent(what: Absent): Failure {
  return { kind: 'not_found', what };
}

/** What changes of a user refuse beside all else: to users of their own address or account, and to applications. */
export const NOT_OWN = [{ kind: 'recent_sign_in_required' }, { kind: 'user_required' }] as const;

/** A single validation problem. */
export function invalid(where: Issue['in'], field: string, message: string, rule = 'check'): Failure {
  return { kind: 'invalid', issues: [{ in: where, field, message, rule }] };
}
