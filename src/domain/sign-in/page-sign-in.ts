import { recordAuthentication } from '../../db/sign-in/flows.ts';
import { type Found, findSignInUser, type SignInUser } from '../../db/sign-in/lookup.ts';
import { forgiveAttempt, upgradeHash } from '../../db/sign-in/sign-in.ts';
import type { Flow } from '../../model/sign-in/flow.ts';
import type { AnonymousContext } from './anonymous-context.ts';
import { failSignIn } from './failure.ts';
import { tenantOf } from './flows.ts';
import { isLinkable, linkSignInUser } from './linking.ts';
import { type Factor, needsFactor, type UsedFactor } from './second-factor.ts';
import {
  type Authentication,
  type Credentials,
  failFactor,
  OWN_SESSION,
  proveFactor,
  provePassword,
  type Started,
  startSession,
} from './sign-in.ts';

/**
 * Where a step leads: to the second factor, to a first proof of our own, or in. `cookie`: what the browser keeps; null where
 * it gets tokens instead.
 */
export type SignInStep =
  | { readonly kind: 'factor' | 'password' }
  | ({ readonly kind: 'session'; readonly cookie: string | null } & Started);

/** Signs in by password as far as that goes. Refuses `sign_in_failed`, `rate_limited`. */
export async function passPassword(
  anonymous: AnonymousContext,
  flow: Flow,
  credentials: Credentials,
): Promise<SignInStep> {
  const proof = await provePassword(anonymous, tenantOf(flow), credentials);
  if (!needsFactor(proof.candidate)) return enter(anonymous, flow, proof, null);
  const { candidate, attemptId, newHash, methods } = proof;
  const { member, passwordHash: readHash, resellerId } = candidate;
  const { db } = anonymous;
  if (newHash !== null) await upgradeHash(db, { userId: member.id, readHash, newHash });
  if (attemptId !== null) await forgiveAttempt(db, attemptId);
  const judged = { readAt: member.updatedAt, judgedHash: newHash ?? readHash, identity: null };
  const proved = { userId: member.id, resellerId, methods, ...judged };
  return (await recordAuthentication(db, flow.id, proved)) ? { kind: 'factor' } : failFactor(anonymous, candidate);
}

/** Goes on by a second factor. Refuses `factor_required`, `sign_in_failed`, `rate_limited`. */
export async function passFactor(anonymous: AnonymousContext, flow: Flow, factor: Factor): Promise<SignInStep> {
  const { proof, shown } = await proveFactor(anonymous, await reopenAuthentication(anonymous, flow), factor);
  return enter(anonymous, flow, proof, shown);
}

/** What somebody can show beside the password. */
export type Factors = { readonly totp: boolean; readonly passkeys: boolean };

/** Which factors the user has who has shown a first proof; null where nobody has, or who it was is gone. */
export async function factorsOf({ db }: AnonymousContext, { userId, resellerId }: Flow): Promise<Factors | null> {
  if (userId === null) return null;
  const { candidate } = await findSignInUser(db, userId, { resellerId, nameKey: null });
  return candidate && { totp: candidate.totp !== null, passkeys: candidate.passkeys > 0 };
}

/** What a flow has shown so far. Refuses `sign_in_failed`. */
export async function reopenAuthentication(
  anonymous: AnonymousContext,
  { userId, resellerId, methods }: Flow,
): Promise<Authentication> {
  const found = await findSignInUser(anonymous.db, userId ?? '', { resellerId, nameKey: null });
  return { candidate: await requireAllowed(anonymous, found), methods, attemptId: null, newHash: null };
}

/** The candidate that was found, if it may be in. Refuses `sign_in_failed`. */
export async function requireAllowed(
  anonymous: AnonymousContext,
  { candidate, resellerId }: Found,
): Promise<SignInUser> {
  if (candidate === null) return failSignIn(anonymous, { resellerId, userId: '', reason: 'unknown-user' });
  if (candidate.allowed) return candidate;
  return failSignIn(anonymous, { resellerId, userId: candidate.member.id, reason: 'not-allowed' });
}

/**
 * Lets a browser in, by a cookie or with tokens, as its flow's goal says, and once. An outside identity that waited for a proof
 * of the user's own is linked. Refuses `sign_in_failed`, also where the flow is over by now.
 */
export async function enter(
  anonymous: AnonymousContext,
  flow: Flow,
  proof: Authentication,
  shown: UsedFactor | null,
): Promise<SignInStep> {
  const cookie = flow.goal.kind === 'page' ? await anonymous.newOpaqueToken() : null;
  const { id: flowId, identity } = flow;
  const kind = { ...OWN_SESSION, cookieHash: cookie?.tokenHash ?? null, flowId, identity };
  const started = await startSession(anonymous, proof, shown, kind);
  const { candidate, methods } = proof;
  if (identity !== null && !methods.includes('google') && isLinkable(candidate, identity))
    await linkSignInUser(anonymous, candidate, identity);
  return { kind: 'session', cookie: cookie?.token ?? null, ...started };
}
