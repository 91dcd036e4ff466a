import { findIdentified } from '../../db/sign-in/external-identities.ts';
import type { Browser } from '../../db/sign-in/flows.ts';
import { recordAuthentication, recordIdentity } from '../../db/sign-in/flows.ts';
import type { SignInUser } from '../../db/sign-in/lookup.ts';
import { findTenant } from '../../db/sign-in/settings.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { ANY_AGE, type Freshness, isFreshEnough, type SignInFlow } from '../../model/sign-in/flow.ts';
import {
  authenticatedAt,
  type ExternalIdentity,
  type IdentityRefused,
  identityProblem,
  type OidcSecrets,
  type ProviderUnavailable,
  parseOidcSecrets,
  serializeOidcSecrets,
} from '../../model/sign-in/identity.ts';
import { NO_RULES } from '../../model/sign-in/settings.ts';
import { retryChanged } from '../update.ts';
import type { AnonymousContext } from './anonymous-context.ts';
import { failSignIn } from './failure.ts';
import { beginFlow, recordSecrets, takeSecrets, tenantOf } from './flows.ts';
import { isLinkable, isLinkedAtOnce, linkSignInUser } from './linking.ts';
import { enter, type SignInStep } from './page-sign-in.ts';
import { needsFactor } from './second-factor.ts';
import type { Tenant } from './sign-in.ts';

/** Where users may sign in instead of here. */
export type OutsideProvider = {
  readonly newSecrets: (flowId: string) => OidcSecrets;
  /** Where to send the browser. */
  readonly addressFor: (
    secrets: OidcSecrets,
    freshness: Freshness,
  ) => Promise<{ readonly kind: 'ready'; readonly url: string } | ProviderUnavailable>;
  /** Who it comes back as, to `callback`. */
  readonly identify: (
    callback: URL,
    secrets: OidcSecrets,
  ) => Promise<ExternalIdentity | IdentityRefused | ProviderUnavailable>;
};

/**
 * Begins a sign-in that leads to tokens, and gives where to send the browser. A reseller that is not there is told by nothing
 * but the failure at the end. Refuses `provider_unavailable`.
 */
export async function beginOutside(
  anonymous: AnonymousContext,
  provider: OutsideProvider,
  browser: Pick<Browser, 'browserHash'>,
  of: Tenant,
): Promise<string> {
  const resellerId = (await findTenant(anonymous.db, of))?.resellerId ?? null;
  const goal = { kind: 'tokens' } as const;
  const id = await beginFlow(anonymous, browser, { goal, resellerId });
  return goOutside(anonymous, provider, { id, goal });
}

/** Goes on with a sign-in at the provider. Gives where to send the browser. Refuses `provider_unavailable`. */
export async function goOutside(
  { db, seal }: Pick<AnonymousContext, 'db' | 'seal'>,
  provider: OutsideProvider,
  { id, goal }: Pick<SignInFlow, 'id' | 'goal'>,
): Promise<string> {
  const secrets = provider.newSecrets(id);
  const sent = await provider.addressFor(secrets, goal.kind === 'page' ? goal : ANY_AGE);
  if (sent.kind === 'unavailable') refuse({ kind: 'provider_unavailable' }, sent.detail);
  await recordSecrets(db, id, await seal(serializeOidcSecrets(secrets), purposeOf(id)));
  return sent.url;
}

/** What a flow's secrets are sealed for: in another flow's row they open nothing. */
const purposeOf = (flowId: string) => `provider ${flowId}`;

/** What a flow was sent to the provider with, where that was with this state; used up by that. Null where it was not. */
export async function takeSent(
  { db, unseal }: Pick<AnonymousContext, 'db' | 'unseal'>,
  { id, sealedSecrets }: SignInFlow,
  state: string,
): Promise<OidcSecrets | null> {
  if (sealedSecrets === null) return null;
  const secrets = parseOidcSecrets(await unseal(sealedSecrets, purposeOf(id)));
  return secrets.state === state && (await takeSecrets(db, id, sealedSecrets)) ? secrets : null;
}

/**
 * Goes on with who the browser comes back as. Where that does not do, as nobody is linked to it and the provider does not hand
 * the address out, or as the sign-in there is too old, the user proves itself here too. Refuses `sign_in_failed`,
 * `provider_unavailable`.
 */
export async function passOutside(
  anonymous: AnonymousContext,
  flow: SignInFlow,
  identity: ExternalIdentity | IdentityRefused | ProviderUnavailable,
): Promise<SignInStep> {
  if (identity.kind === 'unavailable') refuse({ kind: 'provider_unavailable' }, identity.detail);
  if (identity.kind === 'refused') return failOutside(anonymous, nobodyAt(flow), identity.reason);
  const { db, now } = anonymous;
  const candidate = await retryChanged(() => recognise(anonymous, flow, identity));
  const fresh = isFreshEnough(flow, authenticatedAt(identity, now));
  if (candidate === null || (!fresh && !needsFactor(candidate))) {
    await recordIdentity(db, flow.id, identity);
    return { kind: 'password' };
  }
  const methods = ['google'] as const;
  if (!needsFactor(candidate))
    return enter(anonymous, { ...flow, identity }, { candidate, methods, attemptId: null, newHash: null }, null);
  const { member, resellerId } = candidate;
  const known = { resellerId, userId: member.id };
  const proved = { ...known, methods, readAt: member.updatedAt, judgedHash: null, identity };
  if (!(await recordAuthentication(db, flow.id, proved))) return failOutside(anonymous, known, 'changed-meanwhile');
  return { kind: 'factor' };
}

/**
 * Who an identity is; null where only a proof of the user's own can tell. That is so of every address that the provider does
 * not hand out, known here or not.
 */
async function recognise(
  anonymous: AnonymousContext,
  flow: SignInFlow,
  identity: ExternalIdentity,
): Promise<SignInUser | null> {
  const { email, emailVerified, authoritative } = identity;
  const wanted = { ...identity, emailKey: email === null ? null : addressKey(email) };
  const { candidate, linked, taken } = await findIdentified(anonymous.db, wanted, tenantOf(flow));
  if (!linked && emailVerified && email !== null && !authoritative) return null;
  if (candidate === null)
    return failOutside(anonymous, nobodyAt(flow), identityProblem(identity, NO_RULES) ?? 'unknown-user');
  const known = { resellerId: candidate.resellerId, userId: candidate.member.id };
  const problem = identityProblem(identity, candidate.rules);
  if (problem !== null) return failOutside(anonymous, known, problem);
  if (!candidate.allowed) return failOutside(anonymous, known, 'not-allowed');
  if (linked) return candidate;
  if (taken) return failOutside(anonymous, known, 'other-identity');
  if (!isLinkable(candidate, identity)) return failOutside(anonymous, known, 'not-linkable');
  if (!isLinkedAtOnce(candidate, identity)) return null;
  return (await linkSignInUser(anonymous, candidate, identity)) ?? refuse({ kind: 'changed_meanwhile' });
}

function failOutside(
  anonymous: AnonymousContext,
  known: { readonly resellerId: string | null; readonly userId: string },
  reason: string,
): Promise<never> {
  return failSignIn(anonymous, { ...known, reason, method: 'google' });
}

/** Whoever it is, it is not whoever has shown another proof in the same flow. */
const nobodyAt = ({ resellerId }: SignInFlow) => ({ resellerId, userId: '' });
