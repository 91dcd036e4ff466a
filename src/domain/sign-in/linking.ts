import { eventsForOtherResellers } from '../../db/commit/commit.ts';
import { findElsewhere, linkIdentity } from '../../db/sign-in/external-identities.ts';
import type { SignInUser } from '../../db/sign-in/lookup.ts';
import { addressKey, isSameAddress } from '../../model/fields.ts';
import { type ExternalIdentity, identityProblem } from '../../model/sign-in/identity.ts';
import { applyChanges } from '../update.ts';
import { eventForOtherResellers } from '../users/shared-users.ts';
import type { AnonymousContext } from './anonymous-context.ts';

/**
 * Whether an outside identity may be linked to a user: it has the user's address, the user did not unlink one, and both the
 * reseller at hand and the user's own take it. What compares alike may be another domain: the two spellings of a Greek sigma.
 */
export function isLinkable({ member, unlinked, rules, homeRules }: SignInUser, identity: ExternalIdentity): boolean {
  if (unlinked || identity.email === null || !isSameAddress(member.email, identity.email)) return false;
  return [rules, homeRules].every((asked) => identityProblem(identity, asked) === null);
}

/** Whether that takes no proof of the user's own: the provider hands the address out, and both resellers agree. */
export function isLinkedAtOnce({ rules, homeRules }: SignInUser, { authoritative }: ExternalIdentity): boolean {
  return authoritative && [rules, homeRules].every(({ googleSignIn }) => googleSignIn === 'automatic');
}

/**
 * Links an outside identity to the user. A provider that hands the address out shows that it is the user's: an invited user
 * is active from then on. Gives the candidate as it is by then; null where something has changed meanwhile.
 */
export async function linkSignInUser(
  anonymous: AnonymousContext,
  candidate: SignInUser,
  { issuer, subject, email, authoritative }: ExternalIdentity,
): Promise<SignInUser | null> {
  if (email === null) return null;
  const { db, now, newId, requestId, origin } = anonymous;
  const { roles, ...before } = candidate.member;
  const proved = authoritative ? { verifiedAt: before.verifiedAt ?? now, emailVerifiedAt: now } : {};
  const after = applyChanges(anonymous, before, { googleSsoEnabled: true, ...proved });
  const update = { type: 'reseller.user.updated', before, after } as const;
  const event =
    before.verifiedAt === after.verifiedAt ? update : ({ ...update, type: 'reseller.user.activated' } as const);
  const elsewhere = [eventForOtherResellers(update, await findElsewhere(db, before.id))];
  const { resellerId } = before;
  const told = [{ id: newId(), resellerId, event }, ...eventsForOtherResellers(anonymous, { resellerId, elsewhere })];
  const noted = { event: { type: 'account.google-linked', details: origin }, id: newId(), mailId: newId() } as const;
  const identity = { issuer, subject, email, emailKey: addressKey(email) };
  if (!(await linkIdentity(db, { identity, event, told, noted, requestId, origin, now }))) return null;
  anonymous.eventIds.push(...told.map(({ id }) => id));
  anonymous.emailIds.push(noted.mailId);
  return { ...candidate, member: { ...after, roles } };
}
