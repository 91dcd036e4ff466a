import { findPasskey, passkeysOf, usePasskey } from '../../db/factors/passkeys.ts';
import { recordChallenge, takeChallenge } from '../../db/sign-in/flows.ts';
import { type Found, findSignInUser, type SignInUser } from '../../db/sign-in/lookup.ts';
import type { Passkey, PasskeyUse } from '../../model/factors/passkey.ts';
import { addressKey } from '../../model/fields.ts';
import type { Flow } from '../../model/sign-in/flow.ts';
import type { AnonymousContext } from './anonymous-context.ts';
import { beginAttempt } from './attempts.ts';
import { failSignIn } from './failure.ts';
import { tenantOf } from './flows.ts';
import { enter, reopenAuthentication, requireAllowed, type SignInStep } from './page-sign-in.ts';

/** A passkey as a browser shows it: which one, and what judges it; null where any check fails. */
export type ShownPasskey = {
  readonly id: string;
  readonly judge: (
    passkey: Passkey,
    asked: { readonly challenge: string; readonly userHandle: 'required' | 'optional' },
  ) => Promise<PasskeyUse | null>;
};

/** Asks for a passkey: any, where nobody has shown anything yet, and then it is the whole sign-in; else one of the user's. */
export async function askPasskey(
  { db, newOpaqueToken }: AnonymousContext,
  { id, userId }: Flow,
): Promise<{ readonly challenge: string; readonly allowed: readonly Passkey[] }> {
  const { token: challenge } = await newOpaqueToken();
  await recordChallenge(db, id, challenge);
  return { challenge, allowed: userId === null ? [] : await passkeysOf(db, userId) };
}

/** Signs in by a passkey, or goes on by one as the second factor. Refuses `sign_in_failed`, `rate_limited`. */
export async function passPasskey(anonymous: AnonymousContext, flow: Flow, shown: ShownPasskey): Promise<SignInStep> {
  const { db, now } = anonymous;
  const { challenge } = flow;
  const known = flow.userId === null ? null : await reopenAuthentication(anonymous, flow);
  const passkey = await findPasskey(db, shown.id);
  const found = passkey && known === null ? await findSignInUser(db, passkey.userId, tenantOf(flow)) : NOT_FOUND;
  const methods = [...(known?.methods ?? []), 'hwk'] as const;
  const attemptId = await beginAttempt(
    anonymous,
    await keyOf(anonymous, known?.candidate ?? found.candidate, shown),
    methods,
  );
  // Whatever comes of it, no second answer is looked at.
  const asked = challenge !== null && (await takeChallenge(db, flow.id, challenge));
  if (passkey === null || (known !== null && passkey.userId !== flow.userId)) return fail(anonymous, flow, flow.userId);
  const candidate = known?.candidate ?? (await requireAllowed(anonymous, found));
  const used = asked
    ? await shown.judge(passkey, { challenge, userHandle: known === null ? 'required' : 'optional' })
    : null;
  if (used === null) return fail(anonymous, candidate, passkey.userId);
  const use = usePasskey(db, passkey, used, now);
  return enter(anonymous, flow, { candidate, methods, attemptId, newHash: null }, { method: 'hwk', use });
}

const NOT_FOUND: Found = { resellerId: null, candidate: null };

/** The account that the attempt counts for; an unknown passkey counts for itself. */
async function keyOf(
  { opaqueTokenHash }: AnonymousContext,
  candidate: SignInUser | null,
  { id }: ShownPasskey,
): Promise<string> {
  return candidate === null ? `passkey ${await opaqueTokenHash(id)}` : addressKey(candidate.member.email);
}

function fail(
  anonymous: AnonymousContext,
  { resellerId }: Pick<Flow, 'resellerId'>,
  userId: string | null,
): Promise<never> {
  return failSignIn(anonymous, { resellerId, userId: userId ?? '', reason: 'wrong-passkey' });
}
