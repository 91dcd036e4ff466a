import { commit } from '../../db/commit/commit.ts';
import { findSignInSettings, putSignInSettings } from '../../db/sign-in/settings.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { SignInSettings } from '../../model/sign-in/settings.ts';

import { retryChanged } from '../update.ts';

export { findSignInSettings as getSignInSettings } from '../../db/sign-in/settings.ts';

/**
 * Sets how one signs in to a reseller: whether a second factor is required for every session, the rest for every sign-in
 * from now on. Refuses `not_found`.
 */
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
