import { commit } from '../../db/commit/commit.ts';
import { findSignInSettings, putSignInSettings } from '../../db/sign-in/settings.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { SignInSettings } from '../../model/sign-in/settings.ts';

import { retryChanged } from '../update.ts';

export { findSignInSettings as getSignInSettings } from '../../db/sign-in/settings.ts';

/** A required second factor applies to every session, the rest to new sign-ins. */
export function setSignInSettings(
  caller: CallerContext,
  resellerId: string,
  settings: SignInSettings,
): Promise<SignInSettings> {
  return retryChanged(async () => {
    const before = await findSignInSettings(caller, resellerId);
    await commit(caller, {
      write: putSignInSettings(caller, resellerId, settings, before),
      event: null,
      audit: { event: { type: 'account.sign-in-settings-changed', before, details: settings } },
      resellerId,
      subject: resellerId,
      result: settings,
      refused: () => findSignInSettings(caller, resellerId),
    });
    return settings;
  });
}
