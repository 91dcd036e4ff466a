import { eventsForOtherResellers } from '../../db/commit/commit.ts';
import { findOtherResellers, linkIdentity } from '../../db/sign-in/external-identities.ts';
import type { SignInUser } from '../../db/sign-in/lookup.ts';
import { addressKey, isSameAddress } from '../../model/fields.ts';
import { type ExternalIdentity, identityProblem } from '../../model/sign-in/identity.ts';
import { applyChanges } from '../update.ts';
import { eventForOtherResellers } from '../users/shared-users.ts';
import type { AnonymousContext } from './anonymous-context.ts';

/** Addresses are compared exactly: equal keys can be different domains (the two Greek sigmas). */
export function isLinkable({ member, unlinked, rules, homeRules }: SignInUser, identity: ExternalIdentity): boolean {
  if (unlinked || identity.email === null || !isSameAddress(member.email, identity.email)) return false;
  return [rules, homeRules].every((settings) => identityProblem(identity, settings) === null);
}

export function isLinkedAutomatically({ rules, homeRules }: SignInUser, { authoritative }: ExternalIdentity): boolean {
  return authoritative && [rules, homeRules].every(({ googleSignIn }) => googleSignIn === 'automatic');
}

/**
 * An authoritative provider proves the address, so an invited user becomes active. Null if something changed meanwhile.
 */
export async function linkSignInUser(
  anonymous: AnonymousContext,
  user: SignInUser,
  { issuer, subject, email, authoritative }: ExternalIdentity,
): Promise<SignInUser | null> {
  if (email === null) return null;
  const { db, now, newId, requestId, origin } = anonymous;
  const { roles, membership: _, ...before } = user.member;
  const verification = authoritative ? { verifiedAt: before.verifiedAt ?? now, emailVerifiedAt: now } : {};
  const after = applyChanges(anonymous, before, { googleSsoEnabled: true, ...verification });
  const update = { type: 'reseller.user.updated', before, after } as const;
  const event =
    before.verifiedAt === after.verifiedAt ? update : ({ ...update, type: 'reseller.user.activated' } as const);
  const elsewhere = eventForOtherResellers(update, await findOtherResellers(db, before.id));
  const { resellerId } = before;
  const events = [{ id: newId(), resellerId, event }, ...eventsForOtherResellers(anonymous, { resellerId, elsewhere })];
  const audit = { event: { type: 'account.google-linked', details: origin }, id: newId(), mailId: newId() } as const;
  const identity = { issuer, subject, email, emailKey: addressKey(email) };
  if (!(await linkIdentity(db, { identity, event, events, audit, requestId, origin, now }))) return null;
  anonymous.eventIds.push(...events.map(({ id }) => id));
  anonymous.emailIds.push(audit.mailId);
  return { ...user, member: { ...after, roles } };
}
