import { findUserOfIdentity } from '../../db/sign-in/external-identities.ts';
import type { Browser } from '../../db/sign-in/flows.ts';
import { recordAuthentication, recordIdentity } from '../../db/sign-in/flows.ts';
import type { SignInUser } from '../../db/sign-in/lookup.ts';
import { findSignInTenant } from '../../db/sign-in/settings.ts';
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
import { beginFlow, recordSecrets, takeSecrets, tenantOfFlow } from './flows.ts';
import { isLinkable, isLinkedAutomatically, linkSignInUser } from './linking.ts';
import { finishSignIn, type SignInStep } from './page-sign-in.ts';
import { needsFactor } from './second-factor.ts';
import type { RequestedTenant } from './sign-in.ts';

export type IdentityProvider = {
  readonly newSecrets: (flowId: string) => OidcSecrets;
  readonly authorizationUrl: (
    secrets: OidcSecrets,
    freshness: Freshness,
  ) => Promise<{ readonly kind: 'ready'; readonly url: string } | ProviderUnavailable>;
  readonly identify: (
    callback: URL,
    secrets: OidcSecrets,
  ) => Promise<ExternalIdentity | IdentityRefused | ProviderUnavailable>;
};

/** Returns the provider's URL. An unknown reseller fails only at the end. */
export async function beginExternalSignIn(
  anonymous: AnonymousContext,
  provider: IdentityProvider,
  browser: Pick<Browser, 'browserHash'>,
  tenant: RequestedTenant,
): Promise<string> {
  const resellerId = (await findSignInTenant(anonymous.db, tenant))?.resellerId ?? null;
  const goal = { kind: 'tokens' } as const;
  const id = await beginFlow(anonymous, browser, { goal, resellerId });
  return createProviderRedirect(anonymous, provider, { id, goal });
}

export async function createProviderRedirect(
  { db, seal }: Pick<AnonymousContext, 'db' | 'seal'>,
  provider: IdentityProvider,
  { id, goal }: Pick<SignInFlow, 'id' | 'goal'>,
): Promise<string> {
  const secrets = provider.newSecrets(id);
  const redirect = await provider.authorizationUrl(secrets, goal.kind === 'page' ? goal : ANY_AGE);
  if (redirect.kind === 'unavailable') refuse({ kind: 'provider_unavailable' }, redirect.detail);
  await recordSecrets(db, id, await seal(serializeOidcSecrets(secrets), sealPurpose(id)));
  return redirect.url;
}

/** Binds sealed secrets to their flow. */
const sealPurpose = (flowId: string) => `provider ${flowId}`;

/** Returns the flow's secrets once; null if `state` does not match. */
export async function takeProviderSecrets(
  { db, unseal }: Pick<AnonymousContext, 'db' | 'unseal'>,
  { id, sealedSecrets }: SignInFlow,
  state: string,
): Promise<OidcSecrets | null> {
  if (sealedSecrets === null) return null;
  const secrets = parseOidcSecrets(await unseal(sealedSecrets, sealPurpose(id)));
  return secrets.state === state && (await takeSecrets(db, id, sealedSecrets)) ? secrets : null;
}

/**
 * Asks for a password if the identity is not linked and the provider is not authoritative for the address, or if its
 * sign-in is too old.
 */
export async function completeExternalSignIn(
  anonymous: AnonymousContext,
  flow: SignInFlow,
  identity: ExternalIdentity | IdentityRefused | ProviderUnavailable,
): Promise<SignInStep> {
  if (identity.kind === 'unavailable') refuse({ kind: 'provider_unavailable' }, identity.detail);
  if (identity.kind === 'refused') return failExternalSignIn(anonymous, unknownUser(flow), identity.reason);
  const { db, now } = anonymous;
  const signInUser = await retryChanged(() => findUserByIdentity(anonymous, flow, identity));
  const fresh = isFreshEnough(flow, authenticatedAt(identity, now));
  if (signInUser === null || (!fresh && !needsFactor(signInUser))) {
    await recordIdentity(db, flow.id, identity);
    return { kind: 'password' };
  }
  const methods = ['google'] as const;
  if (!needsFactor(signInUser))
    return finishSignIn(
      anonymous,
      { ...flow, identity },
      { signInUser, methods, attemptId: null, newHash: null },
      null,
    );
  const { member, resellerId } = signInUser;
  const known = { resellerId, userId: member.id };
  const authentication = { ...known, methods, readAt: member.updatedAt, judgedHash: null, identity };
  if (!(await recordAuthentication(db, flow.id, authentication)))
    return failExternalSignIn(anonymous, known, 'changed-meanwhile');
  return { kind: 'factor' };
}

/**
 * Null: a password is required. If the provider is not authoritative for the address, that includes unknown addresses,
 * so that the response does not disclose which exist.
 */
async function findUserByIdentity(
  anonymous: AnonymousContext,
  flow: SignInFlow,
  identity: ExternalIdentity,
): Promise<SignInUser | null> {
  const { email, emailVerified, authoritative } = identity;
  const lookup = { ...identity, emailKey: email === null ? null : addressKey(email) };
  const { signInUser, linked, taken } = await findUserOfIdentity(anonymous.db, lookup, tenantOfFlow(flow));
  if (!linked && emailVerified && email !== null && !authoritative) return null;
  if (signInUser === null)
    return failExternalSignIn(anonymous, unknownUser(flow), identityProblem(identity, NO_RULES) ?? 'unknown-user');
  const known = { resellerId: signInUser.resellerId, userId: signInUser.member.id };
  const problem = identityProblem(identity, signInUser.rules);
  if (problem !== null) return failExternalSignIn(anonymous, known, problem);
  if (!signInUser.allowed) return failExternalSignIn(anonymous, known, 'not-allowed');
  if (linked) return signInUser;
  if (taken) return failExternalSignIn(anonymous, known, 'other-identity');
  if (!isLinkable(signInUser, identity)) return failExternalSignIn(anonymous, known, 'not-linkable');
  if (!isLinkedAutomatically(signInUser, identity)) return null;
  return (await linkSignInUser(anonymous, signInUser, identity)) ?? refuse({ kind: 'changed_meanwhile' });
}

function failExternalSignIn(
  anonymous: AnonymousContext,
  known: { readonly resellerId: string | null; readonly userId: string },
  reason: string,
): Promise<never> {
  return failSignIn(anonymous, { ...known, reason, method: 'google' });
}

/** Omits the flow's user: the identity may belong to another person. */
const unknownUser = ({ resellerId }: SignInFlow) => ({ resellerId, userId: '' });
