import { findIdentified } from '../../db/sign-in/external-identities.ts';
import type { Browser } from '../../db/sign-in/flows.ts';
import { recordAuthentication, recordIdentity } from '../../db/sign-in/flows.ts';
import type { SignInUser } from '../../db/sign-in/lookup.ts';
import { findTenant } from '../../db/sign-in/settings.ts';
import { refuse } from '../../model/failure.ts';
import { addressKey } from '../../model/fields.ts';
import { ANY_AGE, type Flow, type Freshness, isFreshEnough } from '../../model/sign-in/flow.ts';
import {
  authenticatedAt,
  type Identity,
  type OidcSecrets,
  problemOf,
  type Refused,
  readSecrets,
  type Unavailable,
  writeSecrets,
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

export type OutsideProvider = {
  readonly newSecrets: (flowId: string) => OidcSecrets;
  readonly addressFor: (
    secrets: OidcSecrets,
    freshness: Freshness,
  ) => Promise<{ readonly kind: 'ready'; readonly url: string } | Unavailable>;
  readonly identify: (callback: URL, secrets: OidcSecrets) => Promise<Identity | Refused | Unavailable>;
};

/** Returns the provider's URL. An unknown reseller fails only at the end. */
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

export async function goOutside(
  { db, seal }: Pick<AnonymousContext, 'db' | 'seal'>,
  provider: OutsideProvider,
  { id, goal }: Pick<Flow, 'id' | 'goal'>,
): Promise<string> {
  const secrets = provider.newSecrets(id);
  const sent = await provider.addressFor(secrets, goal.kind === 'page' ? goal : ANY_AGE);
  if (sent.kind === 'unavailable') refuse({ kind: 'provider_unavailable' }, sent.detail);
  await recordSecrets(db, id, await seal(writeSecrets(secrets), purposeOf(id)));
  return sent.url;
}

/** Binds sealed secrets to their flow. */
const purposeOf = (flowId: string) => `provider ${flowId}`;

/** Returns the flow's secrets once; null if `state` does not match. */
export async function takeSent(
  { db, unseal }: Pick<AnonymousContext, 'db' | 'unseal'>,
  { id, sealedSecrets }: Flow,
  state: string,
): Promise<OidcSecrets | null> {
  if (sealedSecrets === null) return null;
  const secrets = readSecrets(await unseal(sealedSecrets, purposeOf(id)));
  return secrets.state === state && (await takeSecrets(db, id, sealedSecrets)) ? secrets : null;
}

/**
 * Asks for a password if the identity is not linked and the provider is not authoritative for the address, or if its
 * sign-in is too old.
 */
export async function passOutside(
  anonymous: AnonymousContext,
  flow: Flow,
  identity: Identity | Refused | Unavailable,
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
 * Null if only a password can tell, which holds for every address that the provider is not authoritative for, known or
 * not.
 */
async function recognise(anonymous: AnonymousContext, flow: Flow, identity: Identity): Promise<SignInUser | null> {
  const { email, emailVerified, authoritative } = identity;
  const wanted = { ...identity, emailKey: email === null ? null : addressKey(email) };
  const { candidate, linked, taken } = await findIdentified(anonymous.db, wanted, tenantOf(flow));
  if (!linked && emailVerified && email !== null && !authoritative) return null;
  if (candidate === null)
    return failOutside(anonymous, nobodyAt(flow), problemOf(identity, NO_RULES) ?? 'unknown-user');
  const known = { resellerId: candidate.resellerId, userId: candidate.member.id };
  const problem = problemOf(identity, candidate.rules);
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

/** An unknown identity is not the user who gave another proof in the same flow. */
const nobodyAt = ({ resellerId }: Flow) => ({ resellerId, userId: '' });
