import { commit } from '../../db/commit/commit.ts';
import { findBranding, putBranding } from '../../db/resellers/branding.ts';
import type { Call } from '../../db/sql/call.ts';
import type { BrandingChoice } from '../../model/resellers/branding.ts';
import { retryChanged } from '../update.ts';

/** What a reseller has chosen of its looks. Refuses `not_found`. */
export async function getBranding(call: Call, resellerId: string): Promise<BrandingChoice> {
  return (await findBranding(call, resellerId)).choice;
}

/** Sets all of a reseller's looks; mails and pages show it from now on. Refuses `not_found`. */
export function setBranding(call: Call, resellerId: string, choice: BrandingChoice): Promise<BrandingChoice> {
  return retryChanged(async () => {
    const { choice: before, column } = await findBranding(call, resellerId);
    await commit(call, {
      write: putBranding(call, resellerId, choice, column),
      event: null,
      audit: { event: { type: 'branding.updated', before, details: choice } },
      resellerId,
      subject: resellerId,
      result: choice,
      refused: () => findBranding(call, resellerId),
    });
    return choice;
  });
}
