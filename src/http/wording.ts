import type { Failure, SignInRefusal } from '../model/failure.ts';
import { LINK_MAILS_MAX, STATUS_UPDATES_MAX, UNVERIFIED_LINKS_MAX } from '../model/limits/index.ts';
import { type Budget, isBudget } from '../model/usage/budgets.ts';

/** Says nothing of who has the address. */
export const emailTaken = 'This e-mail address cannot be used.';

export const userDisabled = 'This user is disabled. Enable the user first.';

export const eventTooOld = 'The event is older than 30 days and cannot be sent again.';

/** Why a right may not be given or taken over, in words that all dialects share; null: one in another reseller. */
export function grantRefused(scope: string | null): string {
  if (scope === null)
    return "This user also belongs to another tenant. Only the user, or a caller that administers all of the user's tenants, can do this.";
  return `Nobody can give or take over the right ${scope} without having it.`;
}

export function methodNotAllowed(allow: readonly string[]): string {
  const listed = [allow.slice(0, -1).join(', '), ...allow.slice(-1)].filter((part) => part !== '');
  return `Method not allowed. Use ${listed.join(' or ')}.`;
}

/** What there was too much of, and until when. */
export function tooMany({ of, retryAfterSeconds }: Extract<Failure, { kind: 'rate_limited' }>): string {
  if (of === undefined) return 'Too many requests.';
  if (isBudget(of)) return `${USED_UP[of]} Try again in ${retryAfterSeconds} seconds.`;
  if (of === 'sign_ins') return `Too many attempts to sign in; the next one in ${retryAfterSeconds} seconds.`;
  if (of === 'status_updates')
    return `There are at most ${STATUS_UPDATES_MAX} status updates an hour; the next one in ${retryAfterSeconds} seconds.`;
  return `One user gets at most ${LINK_MAILS_MAX} of these e-mails an hour, and ${UNVERIFIED_LINKS_MAX} in 30 days before the address is verified; the next one in ${retryAfterSeconds} seconds.`;
}

/** What a tenant has used up. */
const USED_UP: Readonly<Record<Budget, string>> = {
  tenant_requests: 'Your tenant sends too many requests.',
  tenant_writes: 'Your tenant sends too many writes.',
  heavy_reads: 'Your tenant runs too many searches, numbered pages and exports.',
  bytes: "Your tenant's storage budget for today is used up. Deleting still works.",
  emails: "Your tenant's e-mail budget for today is used up.",
};

type FactorAbsent = Extract<SignInRefusal, { kind: 'factor_absent' }>;

/** What every dialect says of them. */
export function signInWords(failure: SignInRefusal): string {
  return failure.kind === 'factor_absent' ? FACTOR_ABSENT[failure.missing] : SIGN_IN[failure.kind];
}

const FACTOR_ABSENT: Readonly<Record<FactorAbsent['missing'], string>> = {
  factor: 'This user has no second factor.',
  authenticator: 'No authenticator app is enabled.',
  secret: 'There is no secret for an authenticator app yet; make one first.',
};

const SIGN_IN: Readonly<Record<Exclude<SignInRefusal['kind'], 'factor_absent'>, string>> = {
  sign_in_failed: 'The address, the password or the code is wrong, or this user may not sign in here.',
  factor_required:
    'This user signs in with two factors: send a code of the authenticator, or a recovery code, as well.',
  user_required: "This requires the user's own access token, not one issued to an application.",
  link_required:
    "Another credential set this user's password or address. Accept through the link in the invitation e-mail.",
  last_membership: 'This is the only membership of the user: delete the account instead.',
  factor_enrolment_required:
    'This reseller requires two-factor authentication. Set up an authenticator app or a passkey first.',
  recent_sign_in_required:
    'This requires a sign-in within the last 15 minutes. Sign in again, or, where the request takes them, send the password or an authenticator code.',
  self_refused: 'You cannot do this for your own user here. Use the routes of your own account, or the account page.',
  factor_present: 'Two-factor sign-in is enabled already.',
  provider_unavailable: 'The provider to sign in with cannot be reached at this moment; try again in a minute.',
  link_not_valid: 'This token is not valid: it was used, replaced or has expired.',
};
