import {
  type Consent,
  endClientAccessWithEntry,
  listConsents as list,
  withdrawConsent as withdraw,
} from '../../db/clients/consents.ts';
import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { absent, refuse } from '../../model/failure.ts';
import { type Reauthentication, requireRecentSignIn } from '../factors/recent-sign-in.ts';

/** Null for a client of another reseller. */
export type ConsentView = Pick<Consent, 'id' | 'scopes' | 'grantedAt'> & {
  readonly clientId: string | null;
  readonly clientName: string | null;
};

/** Newest first. The caller's own reseller also shows consents given in other resellers. */
export async function listConsents(caller: CallerContext): Promise<ConsentView[]> {
  return (await list(caller)).map((consent) => ({ ...consent, ...visibleClient(caller, consent) }));
}

/** Ends the client's sessions and voids its codes. */
export async function withdrawConsent(caller: CallerContext, id: string, proof: Reauthentication = {}): Promise<void> {
  await requireRecentSignIn(caller, proof);
  const { reseller: resellerId, subject } = caller.actor;
  const consent = (await list(caller)).find((granted) => granted.id === id) ?? refuse(absent('consent'));
  const { clientId } = consent;
  await commit(caller, {
    write: withdraw(caller, clientId),
    aboveBudget: true,
    sweep: (entry) => endClientAccessWithEntry(caller, entry, clientId),
    event: null,
    audit: {
      event: { type: 'account.consent-withdrawn', details: { clientId: visibleClient(caller, consent).clientId } },
    },
    resellerId,
    subject,
    result: null,
    refused: async () => {
      await list(caller);
      refuse(absent('consent'));
    },
  });
}

const visibleClient = ({ actor }: CallerContext, { clientId, clientName, resellerId }: Consent) =>
  resellerId === actor.reseller ? { clientId, clientName } : { clientId: null, clientName: null };
