import { findPasskey, findUserPasskeys, recordPasskeyUse } from '../../db/factors/passkeys.ts';
import { recordChallenge, takeChallenge } from '../../db/sign-in/flows.ts';
import { findSignInUser, type SignInLookup, type SignInUser } from '../../db/sign-in/lookup.ts';
import type { Passkey, PasskeyUse } from '../../model/factors/passkey.ts';
import { addressKey } from '../../model/fields.ts';
import type { SignInFlow } from '../../model/sign-in/flow.ts';
import type { AnonymousContext } from './anonymous-context.ts';
import { beginAttempt } from './attempts.ts';
import { failSignIn } from './failure.ts';
import { tenantOfFlow } from './flows.ts';
import { finishSignIn, requireAllowed, resumeAuthentication, type SignInStep } from './page-sign-in.ts';

export type PasskeyAssertion = {
  readonly id: string;
  readonly verify: (
    passkey: Passkey,
    expected: { readonly challenge: string; readonly userHandle: 'required' | 'optional' },
  ) => Promise<PasskeyUse | null>;
};

/** `allowed` is empty for a sign-in by passkey alone. */
export async function createPasskeyChallenge(
  { db, newOpaqueToken }: AnonymousContext,
  { id, userId }: SignInFlow,
): Promise<{ readonly challenge: string; readonly allowed: readonly Passkey[] }> {
  const { token: challenge } = await newOpaqueToken();
  await recordChallenge(db, id, challenge);
  return { challenge, allowed: userId === null ? [] : await findUserPasskeys(db, userId) };
}

/** A complete sign-in, or a second factor. */
export async function submitPasskey(
  anonymous: AnonymousContext,
  flow: SignInFlow,
  assertion: PasskeyAssertion,
): Promise<SignInStep> {
  const { db, now } = anonymous;
  const { challenge } = flow;
  const authentication = flow.userId === null ? null : await resumeAuthentication(anonymous, flow);
  const passkey = await findPasskey(db, assertion.id);
  const found =
    passkey && authentication === null ? await findSignInUser(db, passkey.userId, tenantOfFlow(flow)) : NOT_FOUND;
  const methods = [...(authentication?.methods ?? []), 'hwk'] as const;
  const attemptId = await beginAttempt(
    anonymous,
    await attemptKey(anonymous, authentication?.signInUser ?? found.signInUser, assertion),
    methods,
  );
  // A challenge is valid once, used or failed.
  const challengeTaken = challenge !== null && (await takeChallenge(db, flow.id, challenge));
  if (passkey === null || (authentication !== null && passkey.userId !== flow.userId))
    return failPasskey(anonymous, flow, flow.userId);
  const signInUser = authentication?.signInUser ?? (await requireAllowed(anonymous, found));
  const used = challengeTaken
    ? await assertion.verify(passkey, { challenge, userHandle: authentication === null ? 'required' : 'optional' })
    : null;
  if (used === null) return failPasskey(anonymous, signInUser, passkey.userId);
  const use = recordPasskeyUse(db, passkey, used, now);
  return finishSignIn(anonymous, flow, { signInUser, methods, attemptId, newHash: null }, { method: 'hwk', use });
}

const NOT_FOUND: SignInLookup = { resellerId: null, signInUser: null };

async function attemptKey(
  { opaqueTokenHash }: AnonymousContext,
  signInUser: SignInUser | null,
  { id }: PasskeyAssertion,
): Promise<string> {
  return signInUser === null ? `passkey ${await opaqueTokenHash(id)}` : addressKey(signInUser.member.email);
}

function failPasskey(
  anonymous: AnonymousContext,
  { resellerId }: Pick<SignInFlow, 'resellerId'>,
  userId: string | null,
): Promise<never> {
  return failSignIn(anonymous, { resellerId, userId: userId ?? '', reason: 'wrong-passkey' });
}
