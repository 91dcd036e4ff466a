import { recordAuthentication } from '../../db/sign-in/flows.ts';
import { findSignInUser, type SignInLookup, type SignInUser } from '../../db/sign-in/lookup.ts';
import { removeAttempt, upgradePasswordHash } from '../../db/sign-in/sign-in.ts';
import type { SignInFlow } from '../../model/sign-in/flow.ts';
import type { AnonymousContext } from './anonymous-context.ts';
import { failSignIn } from './failure.ts';
import { tenantOfFlow } from './flows.ts';
import { isLinkable, linkSignInUser } from './linking.ts';
import { type Factor, needsFactor, type UsedFactor } from './second-factor.ts';
import {
  type Authentication,
  FIRST_PARTY_SESSION,
  failSecondFactor,
  type PasswordCredentials,
  type StartedSession,
  startSession,
  verifyPassword,
  verifySecondFactor,
} from './sign-in.ts';

/** `cookie`: null if the sign-in leads to tokens. */
export type SignInStep =
  | { readonly kind: 'factor' | 'password' }
  | ({ readonly kind: 'session'; readonly cookie: string | null } & StartedSession);

export async function submitPassword(
  anonymous: AnonymousContext,
  flow: SignInFlow,
  credentials: PasswordCredentials,
): Promise<SignInStep> {
  const proof = await verifyPassword(anonymous, tenantOfFlow(flow), credentials);
  if (!needsFactor(proof.signInUser)) return finishSignIn(anonymous, flow, proof, null);
  const { signInUser, attemptId, newHash, methods } = proof;
  const { member, passwordHash: readHash, resellerId } = signInUser;
  const { db } = anonymous;
  if (newHash !== null) await upgradePasswordHash(db, { userId: member.id, readHash, newHash });
  if (attemptId !== null) await removeAttempt(db, attemptId);
  const judgement = { readAt: member.updatedAt, judgedHash: newHash ?? readHash, identity: null };
  const authentication = { userId: member.id, resellerId, methods, ...judgement };
  return (await recordAuthentication(db, flow.id, authentication))
    ? { kind: 'factor' }
    : failSecondFactor(anonymous, signInUser);
}

export async function submitFactor(anonymous: AnonymousContext, flow: SignInFlow, factor: Factor): Promise<SignInStep> {
  const { proof, usedFactor } = await verifySecondFactor(
    anonymous,
    await resumeAuthentication(anonymous, flow),
    factor,
  );
  return finishSignIn(anonymous, flow, proof, usedFactor);
}

export type AvailableFactors = { readonly totp: boolean; readonly passkeys: boolean };

export async function findAvailableFactors(
  { db }: AnonymousContext,
  { userId, resellerId }: SignInFlow,
): Promise<AvailableFactors | null> {
  if (userId === null) return null;
  const { signInUser } = await findSignInUser(db, userId, { resellerId, nameKey: null });
  return signInUser && { totp: signInUser.totp !== null, passkeys: signInUser.passkeys > 0 };
}

export async function resumeAuthentication(
  anonymous: AnonymousContext,
  { userId, resellerId, methods }: SignInFlow,
): Promise<Authentication> {
  const found = await findSignInUser(anonymous.db, userId ?? '', { resellerId, nameKey: null });
  return { signInUser: await requireAllowed(anonymous, found), methods, attemptId: null, newHash: null };
}

export async function requireAllowed(
  anonymous: AnonymousContext,
  { signInUser, resellerId }: SignInLookup,
): Promise<SignInUser> {
  if (signInUser === null) return failSignIn(anonymous, { resellerId, userId: '', reason: 'unknown-user' });
  if (signInUser.allowed) return signInUser;
  return failSignIn(anonymous, { resellerId, userId: signInUser.member.id, reason: 'not-allowed' });
}

/**
 * Starts the session once, by cookie or tokens, and links an identity that waited for a proof. Refuses
 * `sign_in_failed`, also if the flow has ended.
 */
export async function finishSignIn(
  anonymous: AnonymousContext,
  flow: SignInFlow,
  proof: Authentication,
  usedFactor: UsedFactor | null,
): Promise<SignInStep> {
  const cookie = flow.goal.kind === 'page' ? await anonymous.newOpaqueToken() : null;
  const { id: flowId, identity } = flow;
  const options = { ...FIRST_PARTY_SESSION, cookieHash: cookie?.tokenHash ?? null, flowId, identity };
  const started = await startSession(anonymous, proof, usedFactor, options);
  const { signInUser, methods } = proof;
  if (identity !== null && !methods.includes('google') && isLinkable(signInUser, identity))
    await linkSignInUser(anonymous, signInUser, identity);
  return { kind: 'session', cookie: cookie?.token ?? null, ...started };
}
