import { commit } from '../../db/commit/commit.ts';
import { findBranding, putBranding } from '../../db/resellers/branding.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { BrandingChoice } from '../../model/resellers/branding.ts';
import { retryChanged } from '../update.ts';

export async function getBranding(caller: CallerContext, resellerId: string): Promise<BrandingChoice> {
  return (await findBranding(caller, resellerId)).choice;
}

export function setBranding(
  caller: CallerContext,
  resellerId: string,
  choice: BrandingChoice,
): Promise<BrandingChoice> {
  return retryChanged(async () => {
    const { choice: before, column } = await findBranding(caller, resellerId);
    await commit(caller, {
      write: putBranding(caller, resellerId, choice, column),
      event: null,
      audit: { event: { type: 'branding.updated', before, details: choice } },
      resellerId,
      subject: resellerId,
      result: choice,
      refused: () => findBranding(caller, resellerId),
    });
    return choice;
  });
}
