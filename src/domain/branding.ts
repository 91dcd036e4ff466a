import { findBranding, putBranding } from '../db/branding.ts';
import type { Call } from '../db/call.ts';
import { commit } from '../db/commit.ts';
import type { BrandingChoice } from '../model/branding.ts';

export { findBranding as getBranding } from '../db/branding.ts';

/** Sets all of a reseller's looks; mails and pages show it from now on. Refuses `not_found`. */
export async function setBranding(call: Call, resellerId: string, choice: BrandingChoice): Promise<BrandingChoice> {
  await commit(call, {
    write: putBranding(call, resellerId, choice),
    event: null,
    resellerId,
    subject: resellerId,
    result: choice,
    refused: () => findBranding(call, resellerId),
  });
  return choice;
}
