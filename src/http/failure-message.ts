import type { Absent, Failure } from '../model/failure.ts';
import { LINK_MAILS_MAX, STATUS_UPDATES_MAX, UNVERIFIED_LINKS_MAX } from '../model/limits/index.ts';
import { type Budget, isBudget } from '../model/usage/budgets.ts';

type Failures = { readonly [F in Failure as F['kind']]: F };
type FailureKind = keyof Failures;
type Table = {
  readonly [K in FailureKind]: readonly [status: number, message: string | ((failure: Failures[K]) => string)];
};

export type FailureMessage = { readonly status: number; readonly message: string };
export type MessageExceptions = {
  readonly [K in FailureKind]?: readonly [status: number, message?: string | ((failure: Failures[K]) => string)];
};

export function failureMessage(failure: Failure, exceptions: MessageExceptions = {}): FailureMessage {
  const [usual, says] = FAILURES[failure.kind];
  const [status, saysOtherwise] = exceptions[failure.kind] ?? [usual];
  const message = (saysOtherwise ?? says) as string | ((failure: Failure) => string);
  return { status, message: typeof message === 'string' ? message : message(failure) };
}

export const internalError = (requestId: string) => `Something went wrong on our side (request ${requestId}).`;

const FACTOR_ABSENT: Readonly<Record<Failures['factor_absent']['missing'], string>> = {
  factor: 'This user has no second factor.',
  authenticator: 'No authenticator app is enabled.',
  secret: 'There is no secret for an authenticator app yet; make one first.',
};

export const NOT_FOUND_MESSAGES: Readonly<Record<Absent, string>> = {
  reseller: 'Reseller not found.',
  organization: 'Organization not found.',
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
  route: 'There is nothing at this address.',
};

const USED_UP: Readonly<Record<Budget, string>> = {
  tenant_requests: 'Your tenant sends too many requests.',
  tenant_writes: 'Your tenant sends too many writes.',
  heavy_reads: 'Your tenant runs too many searches, numbered pages and exports.',
  bytes: "Your tenant's storage budget for today is used up. Deleting still works.",
  emails: "Your tenant's e-mail budget for today is used up.",
};

const FAILURES: Table = {
  invalid: [400, 'The request is not valid.'],
  not_json: [400, 'The body is not JSON in UTF-8.'],
  target_missing: [400, ({ segment }) => `The target location specified by path segment '${segment}' was not found.`],
  not_primary: [400, 'This is not the primary tenant for this User.'],
  sign_in_failed: [400, 'The address, the password or the code is wrong, or this user may not sign in here.'],
  factor_required: [
    400,
    'This user signs in with two factors: send a code of the authenticator, or a recovery code, as well.',
  ],
  link_not_valid: [400, 'This token is not valid: it was used, replaced or has expired.'],
  token_missing: [401, 'Send an access token as Authorization: Bearer.'],
  token_invalid: [401, 'The access token is not valid, has run out or was revoked.'],
  scope_missing: [403, ({ scope }) => `This needs the scope ${scope}.`],
  realm_missing: [403, 'This needs a credential of a reseller.'],
  // Null hides rights in another reseller.
  grant_refused: [
    403,
    ({ scope }) =>
      scope === null
        ? "This user also belongs to another tenant. Only the user, or a caller that administers all of the user's tenants, can do this."
        : `Nobody can give or take over the right ${scope} without having it.`,
  ],
  user_required: [403, "This requires the user's own access token, not one issued to an application."],
  link_required: [
    403,
    "Another credential set this user's password or address. Accept through the link in the invitation e-mail.",
  ],
  factor_enrolment_required: [
    403,
    'This reseller requires two-factor authentication. Set up an authenticator app or a passkey first.',
  ],
  recent_sign_in_required: [
    403,
    'This requires a sign-in within the last 15 minutes. Sign in again, or, where the request takes them, send the password or an authenticator code.',
  ],
  self_refused: [
    403,
    'You cannot do this for your own user here. Use the routes of your own account, or the account page.',
  ],
  not_found: [404, ({ what }) => NOT_FOUND_MESSAGES[what]],
  method_not_allowed: [405, ({ allow }) => methodNotAllowed(allow)],
  limit_reached: [409, ({ what }) => `No more ${what.replace('_', ' ')} are allowed here.`],
  email_taken: [409, 'This e-mail address cannot be used.'],
  name_taken: [409, 'This name is taken.'],
  last_admin: [409, 'This is the last user.admin of the reseller; make another one first.'],
  last_membership: [409, 'This is the only membership of the user: delete the account instead.'],
  factor_present: [409, 'Two-factor sign-in is enabled already.'],
  factor_absent: [409, ({ missing }) => FACTOR_ABSENT[missing]],
  user_disabled: [409, 'This user is disabled. Enable the user first.'],
  webhook_disabled: [409, 'The webhook is disabled; enable it first.'],
  event_too_old: [409, 'The event is older than 30 days and cannot be sent again.'],
  attempt_under_way: [409, 'An attempt is under way at this moment; try again in a minute.'],
  recovery_running: [409, 'A recovery of this webhook is still running.'],
  changed_meanwhile: [409, 'Other requests kept changing this at the same time; try again.'],
  storage_not_empty: [409, 'The storage account has objects in it; ?purge=true deletes them too.'],
  request_in_progress: [409, 'A request with this Idempotency-Key is still running.'],
  length_required: [411, 'Say by Content-Length how many bytes there are.'],
  precondition_failed: [412, 'If-Match or If-None-Match does not hold: the object was changed, or is there already.'],
  too_large: [413, ({ maxBytes }) => `A body has at most ${maxBytes} bytes.`],
  storage_full: [413, 'The quota of the storage account has no room for it.'],
  media_type: [415, ({ expected }) => `Send the body as ${expected}.`],
  range_unsatisfiable: [416, ({ sizeBytes }) => `The object has ${sizeBytes} bytes.`],
  idempotency_key_reused: [422, 'This Idempotency-Key was used with another request.'],
  rate_limited: [429, tooMany],
  provider_unavailable: [503, 'The provider to sign in with cannot be reached at this moment; try again in a minute.'],
};

export function methodNotAllowed(allow: readonly string[]): string {
  const listed = [allow.slice(0, -1).join(', '), ...allow.slice(-1)].filter((part) => part !== '');
  return `Method not allowed. Use ${listed.join(' or ')}.`;
}

function tooMany({ of, retryAfterSeconds }: Failures['rate_limited']): string {
  if (of === undefined) return 'Too many requests.';
  if (isBudget(of)) return `${USED_UP[of]} Try again in ${retryAfterSeconds} seconds.`;
  if (of === 'sign_ins') return `Too many attempts to sign in; the next one in ${retryAfterSeconds} seconds.`;
  if (of === 'status_updates')
    return `There are at most ${STATUS_UPDATES_MAX} status updates an hour; the next one in ${retryAfterSeconds} seconds.`;
  return `One user gets at most ${LINK_MAILS_MAX} of these e-mails an hour, and ${UNVERIFIED_LINKS_MAX} in 30 days before the address is verified; the next one in ${retryAfterSeconds} seconds.`;
}
