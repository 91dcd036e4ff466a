import type { Call } from '../db/call.ts';
import { commit } from '../db/commit.ts';
import { listConsents, sweepClient, withdrawConsent as withdraw } from '../db/consents.ts';
import { absent, refuse } from '../model/failure.ts';
import { type Reproof, requireRecentSignIn } from './recent-sign-in.ts';

export { type Consent, listConsents } from '../db/consents.ts';

/** Withdraws the consent to an API client: its sessions end and its codes are void. Refuses `not_found`. */
export async function withdrawConsent(call: Call, clientId: string, proof: Reproof = {}): Promise<void> {
  await requireRecentSignIn(call, proof);
  const { reseller: resellerId, subject } = call.actor;
  await commit(call, {
    write: withdraw(call, clientId),
    sweep: (entry) => sweepClient(call, entry, clientId),
    event: null,
    audit: { event: { type: 'account.consent-withdrawn', details: { clientId } } },
    resellerId,
    subject,
    result: null,
    refused: async () => {
      await listConsents(call);
      refuse(absent('consent'));
    },
  });
}
