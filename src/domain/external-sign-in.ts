import type { Candidate } from '../db/candidates.ts';
import { findIdentified } from '../db/external-identities.ts';
import type { Browser } from '../db/flows.ts';
import { noteProof } from '../db/flows.ts';
import { findTenant } from '../db/sign-in-settings.ts';
import { absent, refuse } from '../model/failure.ts';
import { addressKey, isSameAddress } from '../model/fields.ts';
import type { Flow } from '../model/flow.ts';
import {
  type Identity,
  type OidcSecrets,
  problemOf,
  type Refused,
  readSecrets,
  type Unavailable,
  writeSecrets,
} from '../model/identity.ts';
import { beginFlow, noteSecrets, takeSecrets } from './flows.ts';
import { linkCandidate } from './linking.ts';
import { enter, type Step } from './page-sign-in.ts';
import { needsFactor } from './second-factor.ts';
import type { Tenant } from './sign-in.ts';
import { failSignIn } from './sign-in-failure.ts';
import { retryChanged } from './update.ts';
import type { Visitor } from './visitor.ts';

/** Where users may sign in instead of here. */
export type OutsideProvider = {
  readonly newSecrets: (flowId: string) => OidcSecrets;
  /** Where to send the browser; `hd`: see `SignInSettings`; `fresh`: not to come back at once for being signed in there. */
  readonly addressFor: (
    secrets: OidcSecrets,
    asked: { readonly hd: string | null; readonly fresh: boolean },
  ) => Promise<{ readonly kind: 'ready'; readonly url: string } | Unavailable>;
  /** Who it comes back as, to `callback`. */
  readonly identify: (callback: URL, secrets: OidcSecrets) => Promise<Identity | Refused | Unavailable>;
};

/** Begins a sign-in that leads to tokens, and gives where to send the browser. Refuses `not_found` of the reseller, `provider_unavailable`. */
export async function beginOutside(
  visitor: Visitor,
  provider: OutsideProvider,
  browser: Pick<Browser, 'browserHash'>,
  of: Tenant,
): Promise<string> {
  const { resellerId } = (await findTenant(visitor.session, of)) ?? refuse(absent('reseller'));
  const goal = { kind: 'tokens' } as const;
  const id = await beginFlow(visitor, browser, { goal, resellerId });
  return goOutside(visitor, provider, { id, goal, resellerId });
}

/** Goes on with a sign-in at the provider. Gives where to send the browser. Refuses `provider_unavailable`. */
export async function goOutside(
  { session, seal }: Pick<Visitor, 'session' | 'seal'>,
  provider: OutsideProvider,
  { id, goal, resellerId }: Pick<Flow, 'id' | 'goal' | 'resellerId'>,
): Promise<string> {
  const tenant = resellerId === null ? null : await findTenant(session, { resellerId, nameKey: null });
  const secrets = provider.newSecrets(id);
  const fresh = goal.kind === 'page' && goal.fresh;
  const sent = await provider.addressFor(secrets, { hd: tenant?.googleHostedDomain ?? null, fresh });
  if (sent.kind === 'unavailable') refuse({ kind: 'provider_unavailable' }, sent.detail);
  await noteSecrets(session, id, await seal(writeSecrets(secrets), purposeOf(id)));
  return sent.url;
}

/** What a flow's secrets are sealed for: in another flow's row they open nothing. */
const purposeOf = (flowId: string) => `provider ${flowId}`;

/** What a flow was sent to the provider with, where that was with this state; used up by that. Null where it was not. */
export async function takeSent(
  { session, unseal }: Pick<Visitor, 'session' | 'unseal'>,
  { id, sealedSecrets }: Flow,
  state: string,
): Promise<OidcSecrets | null> {
  if (sealedSecrets === null) return null;
  const secrets = readSecrets(await unseal(sealedSecrets, purposeOf(id)));
  return secrets.state === state && (await takeSecrets(session, id, sealedSecrets)) ? secrets : null;
}

/** Goes on with who the browser comes back as. Refuses `sign_in_failed`, `provider_unavailable`. */
export async function passOutside(
  visitor: Visitor,
  flow: Flow,
  identity: Identity | Refused | Unavailable,
): Promise<Step> {
  if (identity.kind === 'unavailable') refuse({ kind: 'provider_unavailable' }, identity.detail);
  if (identity.kind === 'refused') return failOutside(visitor, nobodyAt(flow), identity.reason);
  const candidate = await retryChanged(() => recognise(visitor, flow, identity));
  const methods = ['google'] as const;
  if (!needsFactor(candidate))
    return enter(visitor, flow, { candidate, methods, attemptId: null, newHash: null }, null);
  const { member, resellerId } = candidate;
  const known = { resellerId, userId: member.id };
  const proved = { ...known, methods, readAt: member.updatedAt, judgedHash: null };
  if (!(await noteProof(visitor.session, flow.id, proved))) return failOutside(visitor, known, 'changed-meanwhile');
  return { kind: 'factor' };
}

async function recognise(visitor: Visitor, flow: Flow, identity: Identity): Promise<Candidate> {
  const { email } = identity;
  const wanted = { ...identity, emailKey: email === null ? null : addressKey(email) };
  const of = { resellerId: flow.resellerId, nameKey: null };
  const { candidate, linked, taken } = await findIdentified(visitor.session, wanted, of);
  const problem = problemOf(identity, { hd: candidate?.googleHostedDomain ?? null });
  if (candidate === null) return failOutside(visitor, nobodyAt(flow), problem ?? 'unknown-user');
  const known = { resellerId: candidate.resellerId, userId: candidate.member.id };
  if (problem !== null) return failOutside(visitor, known, problem);
  if (!candidate.allowed) return failOutside(visitor, known, 'not-allowed');
  if (linked || email === null) return candidate;
  // Another mailbox may have the same key: the two spellings of a Greek sigma, for one.
  if (!isSameAddress(candidate.member.email, email)) return failOutside(visitor, nobodyAt(flow), 'unknown-user');
  return taken
    ? failOutside(visitor, known, 'other-identity')
    : linkCandidate(visitor, candidate, { ...identity, email });
}

function failOutside(
  visitor: Visitor,
  known: { readonly resellerId: string | null; readonly userId: string },
  reason: string,
): Promise<never> {
  return failSignIn(visitor, { ...known, reason, method: 'google' });
}

/** Whoever it is, it is not whoever has shown another proof in the same flow. */
const nobodyAt = ({ resellerId }: Flow) => ({ resellerId, userId: '' });
