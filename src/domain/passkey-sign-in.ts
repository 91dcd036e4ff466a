import { candidateById, findCandidate } from '../db/candidates.ts';
import { noteChallenge, takeChallenge } from '../db/flows.ts';
import { findPasskey, passkeysOf, usePasskey } from '../db/passkeys.ts';
import { countKnown } from '../db/signing-in.ts';
import type { Flow } from '../model/flow.ts';
import type { Passkey, PasskeyUse } from '../model/passkey.ts';
import { tenantOf } from './flows.ts';
import { enter, reopenProof, type Step } from './page-sign-in.ts';
import type { Proof } from './sign-in.ts';
import { failSignIn } from './sign-in-failure.ts';
import { refuseTooOften } from './too-often.ts';
import type { Visitor } from './visitor.ts';

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
  { session, newOpaqueToken }: Visitor,
  { id, userId }: Flow,
): Promise<{ readonly challenge: string; readonly allowed: readonly Passkey[] }> {
  const { token: challenge } = await newOpaqueToken();
  await noteChallenge(session, id, challenge);
  return { challenge, allowed: userId === null ? [] : await passkeysOf(session, userId) };
}

/** Signs in by a passkey, or goes on by one as the second factor. Refuses `sign_in_failed`, `rate_limited`. */
export async function passPasskey(visitor: Visitor, flow: Flow, shown: ShownPasskey): Promise<Step> {
  const { session, now } = visitor;
  const { challenge } = flow;
  const known = flow.userId === null ? null : await reopenProof(visitor, flow);
  const attemptId = known === null ? await countUnknown(visitor, shown) : known.attemptId;
  // Whatever comes of it, no second answer is looked at.
  const asked = challenge !== null && (await takeChallenge(session, flow.id, challenge));
  const passkey = await findPasskey(session, shown.id);
  if (passkey === null || (known !== null && passkey.userId !== flow.userId)) return fail(visitor, flow, flow.userId);
  const proof = known ?? (await proofOf(visitor, flow, passkey));
  const used = asked
    ? await shown.judge(passkey, { challenge, userHandle: known === null ? 'required' : 'optional' })
    : null;
  if (used === null) return fail(visitor, proof.candidate, passkey.userId);
  const methods = [...proof.methods, 'hwk'] as const;
  const use = usePasskey(session, passkey, used, now);
  return enter(visitor, flow, { ...proof, methods, attemptId }, { method: 'hwk', use });
}

/** Whose passkey it is, in the reseller that the flow leads to. */
async function proofOf(visitor: Visitor, flow: Flow, { userId }: Passkey): Promise<Proof> {
  const found = await findCandidate(candidateById(visitor.session, userId, tenantOf(flow)));
  const { candidate } = found;
  const failed = { resellerId: found.resellerId, userId };
  if (candidate === null) return failSignIn(visitor, { ...failed, reason: 'unknown-user' });
  if (!candidate.allowed) return failSignIn(visitor, { ...failed, reason: 'not-allowed' });
  return { candidate, methods: [], attemptId: null, newHash: null };
}

/** Counts an attempt of whoever it is, from where it comes and by this passkey. */
async function countUnknown({ session, origin, now, newId, opaqueTokenHash }: Visitor, { id }: ShownPasskey) {
  const attempt = { id: newId(), emailKey: `passkey ${await opaqueTokenHash(id)}`, address: origin.address, now };
  const waitMs = await countKnown(session, attempt);
  refuseTooOften(waitMs);
  return attempt.id;
}

function fail(visitor: Visitor, { resellerId }: Pick<Flow, 'resellerId'>, userId: string | null): Promise<never> {
  return failSignIn(visitor, { resellerId, userId: userId ?? '', reason: 'wrong-passkey' });
}
