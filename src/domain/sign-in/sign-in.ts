import type { SignInUser, Tenant } from '../../db/sign-in/lookup.ts';
import { forgiveAttempt, openAttempt, recordSignIn } from '../../db/sign-in/sign-in.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import type { AuthenticationMethod, Session, SessionTokens } from '../../model/sessions/session.ts';
import { authenticatedAt, type ExternalIdentity, identityProblem } from '../../model/sign-in/identity.ts';
import { tokensOf } from '../sessions/user-tokens.ts';
import { refuseTooOften } from '../usage/rate-limited.ts';
import { viewFor } from '../users/shared-users.ts';
import type { AnonymousContext } from './anonymous-context.ts';
import { attemptBy, beginAttempt } from './attempts.ts';
import { failSignIn } from './failure.ts';
import { type Factor, judgeFactor, methodOf, needsFactor, type UsedFactor } from './second-factor.ts';

export type { Tenant } from '../../db/sign-in/lookup.ts';

/** What somebody types who signs in. */
export type Credentials = { readonly email: string; readonly password: string };

/** Who has shown which proofs, on the way to a session. */
export type Authentication = {
  readonly candidate: SignInUser;
  readonly methods: readonly AuthenticationMethod[];
  readonly attemptId: string | null;
  /** A hash of the same password by today's parameters, where the old one's have had their day. */
  readonly newHash: string | null;
};

/**
 * Judges address and password. Nobody, the wrong password and somebody who may not be in are the same `sign_in_failed`, in
 * the same time. Refuses `rate_limited` before it judges.
 */
export async function provePassword(
  anonymous: AnonymousContext,
  of: Tenant,
  { email, password }: Credentials,
): Promise<Authentication> {
  const attempt = await attemptBy(anonymous, addressKey(email), ['pwd']);
  const { candidate, resellerId, waitMs } = await openAttempt(anonymous.db, attempt, of);
  refuseTooOften(waitMs);
  const { matches, outdated } = await anonymous.checkPassword(password, candidate?.passwordHash ?? null);
  if (candidate === null) return failSignIn(anonymous, { resellerId, userId: '', reason: 'unknown-user' });
  const known = { resellerId, userId: candidate.member.id };
  if (!matches) return failSignIn(anonymous, { ...known, reason: 'wrong-password' });
  if (!candidate.allowed) return failSignIn(anonymous, { ...known, reason: 'not-allowed' });
  const newHash = outdated ? await anonymous.hashPassword(password) : null;
  return { candidate, methods: ['pwd'], attemptId: attempt.id, newHash };
}

/**
 * Judges the second factor of whoever needs one, counted apart from other factors and from the password. Refuses
 * `factor_required` where none was sent, `sign_in_failed`, `rate_limited`.
 */
export async function proveFactor(
  anonymous: AnonymousContext,
  proof: Authentication,
  factor: Factor,
): Promise<{ readonly proof: Authentication; readonly shown: UsedFactor | null }> {
  const { candidate, attemptId: former } = proof;
  if (!needsFactor(candidate)) return { proof, shown: null };
  const method = methodOf(factor);
  if (method === null) {
    if (former !== null) await forgiveAttempt(anonymous.db, former);
    refuse({ kind: 'factor_required' });
  }
  const methods = [...proof.methods, method];
  const attemptId = await beginAttempt(anonymous, addressKey(candidate.member.email), methods, former);
  const shown = await judgeFactor(anonymous, candidate, factor);
  if (shown === null) return failFactor(anonymous, candidate);
  return { proof: { ...proof, methods, attemptId }, shown };
}

/** Who a session is for beside its user: an API client with what it may do at most, or a browser. */
export type SessionKind = {
  readonly clientId: string | null;
  readonly scope: string | null;
  readonly cookieHash: string | null;
  /** The way through the pages that leads to it, if one does. */
  readonly flowId: string | null;
  /** Who the browser came back as from the outside provider, if it was there. */
  readonly identity: ExternalIdentity | null;
};
export const OWN_SESSION: SessionKind = { clientId: null, scope: null, cookieHash: null, flowId: null, identity: null };

/** A session that has begun, and what its owner takes away. */
export type Started = { readonly session: Session; readonly tokens: SessionTokens };

/**
 * Lets somebody in whose every proof was good. Refuses `sign_in_failed` where one of them is no good any more, or the rules of
 * the reseller do not take it.
 */
export async function startSession(
  anonymous: AnonymousContext,
  { candidate, methods, attemptId, newHash }: Authentication,
  shown: UsedFactor | null,
  kind: SessionKind,
): Promise<Started> {
  const { now, newId, requestId, idleMs } = anonymous;
  const { member, resellerId } = candidate;
  // The password that was judged has been taken away since.
  if (methods.includes('pwd') && candidate.passwordHash === null) return failFactor(anonymous, candidate);
  const { cookieHash, flowId, identity, ...given } = kind;
  const outside = methods.includes('google') ? identity : null;
  if (outside !== null && identityProblem(outside, candidate.rules) !== null) return failFactor(anonymous, candidate);
  const session: Session = {
    ...anonymous.origin,
    ...given,
    id: newId(),
    userId: member.id,
    resellerId,
    methods,
    createdAt: now,
    authenticatedAt: outside === null || methods.length > 1 ? now : authenticatedAt(outside, now),
    countsAtHome: outside === null || identityProblem(outside, candidate.homeRules) === null,
    usedAt: now,
    expiresAt: now + (cookieHash === null ? idleMs.tokens : idleMs.browser),
  };
  const refresh = cookieHash === null ? await anonymous.newRefreshToken() : null;
  const eventId = newId();
  const before = viewFor(resellerId, member);
  const recovered =
    shown?.method === 'recovery'
      ? {
          event: { type: 'account.recovery-code-used', details: anonymous.origin } as const,
          id: newId(),
          mailId: newId(),
        }
      : null;
  const entered = await recordSignIn(anonymous.db, {
    session,
    refresh: refresh?.hashes ?? null,
    cookieHash,
    flowId,
    readHash: methods.includes('pwd') ? candidate.passwordHash : null,
    readAt: member.updatedAt,
    newHash,
    twoFactor: member.twoFactorEnabled,
    atHome: member.resellerId === resellerId,
    use: shown?.use ?? null,
    event: { type: 'account.logged-in', before, after: { ...before, lastLoginAt: now } },
    eventId,
    noted: recovered,
    attemptId,
    requestId,
    budgets: anonymous.budgets,
  });
  if (!entered) return failFactor(anonymous, candidate);
  anonymous.eventIds.push(eventId);
  if (recovered !== null) anonymous.emailIds.push(recovered.mailId);
  const tokens = await tokensOf(anonymous, session, candidate, refresh?.token ?? '');
  return { session, tokens };
}

/** Signs in by password and, where the user has one, second factor. Refuses as the steps do. */
export async function signIn(anonymous: AnonymousContext, of: Tenant, credentials: Credentials & Factor) {
  const { proof, shown } = await proveFactor(anonymous, await provePassword(anonymous, of, credentials), credentials);
  return startSession(anonymous, proof, shown, OWN_SESSION);
}

/** A failure of somebody known, after the password. */
export function failFactor(
  anonymous: AnonymousContext,
  { member: { id: userId }, resellerId }: SignInUser,
): Promise<never> {
  return failSignIn(anonymous, { resellerId, userId, reason: 'wrong-factor' });
}
