import type { RequestedTenant, SignInUser } from '../../db/sign-in/lookup.ts';
import { beginPasswordAttempt, recordSignIn, removeAttempt } from '../../db/sign-in/sign-in.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import type { AuthenticationMethod, Session, SessionTokens } from '../../model/sessions/session.ts';
import { authenticatedAt, type ExternalIdentity, identityProblem } from '../../model/sign-in/identity.ts';
import { issueTokens } from '../sessions/user-tokens.ts';
import { refuseIfBlocked } from '../usage/rate-limited.ts';
import { viewFor } from '../users/shared-users.ts';
import type { AnonymousContext } from './anonymous-context.ts';
import { beginAttempt, newAttempt } from './attempts.ts';
import { failSignIn } from './failure.ts';
import { type Factor, factorMethod, needsFactor, type UsedFactor, verifyFactor } from './second-factor.ts';

export type { RequestedTenant } from '../../db/sign-in/lookup.ts';

export type PasswordCredentials = { readonly email: string; readonly password: string };

export type Authentication = {
  readonly signInUser: SignInUser;
  readonly methods: readonly AuthenticationMethod[];
  readonly attemptId: string | null;
  /** Set if the stored hash uses outdated parameters. */
  readonly newHash: string | null;
};

/**
 * An unknown user, a wrong password and a refused user are the same `sign_in_failed`, in the same time. Refuses
 * `rate_limited` first.
 */
export async function verifyPassword(
  anonymous: AnonymousContext,
  tenant: RequestedTenant,
  { email, password }: PasswordCredentials,
): Promise<Authentication> {
  const attempt = await newAttempt(anonymous, addressKey(email), ['pwd']);
  const { signInUser, resellerId, waitMs } = await beginPasswordAttempt(anonymous.db, attempt, tenant);
  refuseIfBlocked(waitMs);
  const { matches, outdated } = await anonymous.checkPassword(password, signInUser?.passwordHash ?? null);
  if (signInUser === null) return failSignIn(anonymous, { resellerId, userId: '', reason: 'unknown-user' });
  const known = { resellerId, userId: signInUser.member.id };
  if (!matches) return failSignIn(anonymous, { ...known, reason: 'wrong-password' });
  if (!signInUser.allowed) return failSignIn(anonymous, { ...known, reason: 'not-allowed' });
  const newHash = outdated ? await anonymous.hashPassword(password) : null;
  return { signInUser, methods: ['pwd'], attemptId: attempt.id, newHash };
}

/** Counted apart from the password and other factors. Refuses `factor_required` without one. */
export async function verifySecondFactor(
  anonymous: AnonymousContext,
  proof: Authentication,
  factor: Factor,
): Promise<{ readonly proof: Authentication; readonly usedFactor: UsedFactor | null }> {
  const { signInUser, attemptId: previousAttemptId } = proof;
  if (!needsFactor(signInUser)) return { proof, usedFactor: null };
  const method = factorMethod(factor);
  if (method === null) {
    if (previousAttemptId !== null) await removeAttempt(anonymous.db, previousAttemptId);
    refuse({ kind: 'factor_required' });
  }
  const methods = [...proof.methods, method];
  const attemptId = await beginAttempt(anonymous, addressKey(signInUser.member.email), methods, previousAttemptId);
  const usedFactor = await verifyFactor(anonymous, signInUser, factor);
  if (usedFactor === null) return failSecondFactor(anonymous, signInUser);
  return { proof: { ...proof, methods, attemptId }, usedFactor };
}

export type SessionOptions = {
  readonly clientId: string | null;
  readonly scope: string | null;
  readonly cookieHash: string | null;
  readonly flowId: string | null;
  readonly identity: ExternalIdentity | null;
};
export const FIRST_PARTY_SESSION: SessionOptions = {
  clientId: null,
  scope: null,
  cookieHash: null,
  flowId: null,
  identity: null,
};

export type StartedSession = { readonly session: Session; readonly tokens: SessionTokens };

/** Refuses `sign_in_failed` if a proof is no longer valid or the reseller's rules refuse it. */
export async function startSession(
  anonymous: AnonymousContext,
  { signInUser, methods, attemptId, newHash }: Authentication,
  usedFactor: UsedFactor | null,
  options: SessionOptions,
): Promise<StartedSession> {
  const { now, newId, requestId, idleMs } = anonymous;
  const { member, resellerId } = signInUser;
  // The password was removed meanwhile.
  if (methods.includes('pwd') && signInUser.passwordHash === null) return failSecondFactor(anonymous, signInUser);
  const { cookieHash, flowId, identity, ...clientGrant } = options;
  const externalIdentity = methods.includes('google') ? identity : null;
  if (externalIdentity !== null && identityProblem(externalIdentity, signInUser.rules) !== null)
    return failSecondFactor(anonymous, signInUser);
  const session: Session = {
    ...anonymous.origin,
    ...clientGrant,
    id: newId(),
    userId: member.id,
    resellerId,
    methods,
    createdAt: now,
    authenticatedAt: externalIdentity === null || methods.length > 1 ? now : authenticatedAt(externalIdentity, now),
    countsAtHome: externalIdentity === null || identityProblem(externalIdentity, signInUser.homeRules) === null,
    usedAt: now,
    expiresAt: now + (cookieHash === null ? idleMs.tokens : idleMs.browser),
  };
  const refresh = cookieHash === null ? await anonymous.newRefreshToken() : null;
  const eventId = newId();
  const before = viewFor(resellerId, member);
  const recoveryNotice =
    usedFactor?.method === 'recovery'
      ? {
          event: { type: 'account.recovery-code-used', details: anonymous.origin } as const,
          id: newId(),
          mailId: newId(),
        }
      : null;
  const recorded = await recordSignIn(anonymous.db, {
    session,
    refresh: refresh?.hashes ?? null,
    cookieHash,
    flowId,
    readHash: methods.includes('pwd') ? signInUser.passwordHash : null,
    readAt: member.updatedAt,
    newHash,
    twoFactor: member.twoFactorEnabled,
    atHome: member.resellerId === resellerId,
    use: usedFactor?.use ?? null,
    event: { type: 'account.logged-in', before, after: { ...before, lastLoginAt: now } },
    eventId,
    audit: recoveryNotice,
    attemptId,
    requestId,
    budgets: anonymous.budgets,
  });
  if (!recorded) return failSecondFactor(anonymous, signInUser);
  anonymous.eventIds.push(eventId);
  if (recoveryNotice !== null) anonymous.emailIds.push(recoveryNotice.mailId);
  const tokens = await issueTokens(anonymous, session, signInUser, refresh?.token ?? '');
  return { session, tokens };
}

export async function signIn(
  anonymous: AnonymousContext,
  tenant: RequestedTenant,
  credentials: PasswordCredentials & Factor,
) {
  const { proof, usedFactor } = await verifySecondFactor(
    anonymous,
    await verifyPassword(anonymous, tenant, credentials),
    credentials,
  );
  return startSession(anonymous, proof, usedFactor, FIRST_PARTY_SESSION);
}

export function failSecondFactor(
  anonymous: AnonymousContext,
  { member: { id: userId }, resellerId }: SignInUser,
): Promise<never> {
  return failSignIn(anonymous, { resellerId, userId, reason: 'wrong-factor' });
}
