import type { Candidate } from '../db/candidates.ts';
import { toldElsewhere } from '../db/commit.ts';
import { findElsewhere, linkIdentity } from '../db/external-identities.ts';
import { refuse } from '../model/failure.ts';
import { addressKey } from '../model/fields.ts';
import type { Identity } from '../model/identity.ts';
import { heardElsewhere } from './elsewhere.ts';
import { changed } from './update.ts';
import type { Visitor } from './visitor.ts';

/**
 * Links an outside identity to whoever has its address, which the provider vouches for: somebody who was invited there has
 * come with that. Gives the candidate as it is by then. Refuses `changed_meanwhile`.
 */
export async function linkCandidate(
  visitor: Visitor,
  candidate: Candidate,
  identity: Pick<Identity, 'issuer' | 'subject'> & { readonly email: string },
): Promise<Candidate> {
  const { session, now, newId, requestId, origin } = visitor;
  const { roles, ...before } = candidate.member;
  const proved = { verifiedAt: before.verifiedAt ?? now, emailVerifiedAt: now };
  const after = changed(visitor, before, { googleSsoEnabled: true, ...proved });
  const update = { type: 'reseller.user.updated', before, after } as const;
  const event = before.verifiedAt === null ? ({ ...update, type: 'reseller.user.activated' } as const) : update;
  const elsewhere = [heardElsewhere(update, await findElsewhere(session, before.id))];
  const { resellerId } = before;
  const told = [{ id: newId(), resellerId, event }, ...toldElsewhere(visitor, { resellerId, elsewhere })];
  const noted = { event: { type: 'account.google-linked', details: origin }, id: newId(), mailId: newId() } as const;
  const linked = { ...identity, emailKey: addressKey(identity.email) };
  if (!(await linkIdentity(session, { identity: linked, event, told, noted, requestId, origin, now })))
    refuse({ kind: 'changed_meanwhile' });
  visitor.raised.push(...told.map(({ id }) => id));
  visitor.mails.push(noted.mailId);
  return { ...candidate, member: { ...after, roles } };
}
