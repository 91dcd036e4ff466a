import { endOtherSessionsWithEntry } from '../../db/sessions/user-sessions.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { CurrentUser } from '../../db/users/current-user.ts';

/** The first second factor ends every other session: none of them has shown it. */
export function endSingleFactorSessions(
  caller: CallerContext,
  { user }: CurrentUser,
  entry: string,
): readonly D1PreparedStatement[] {
  return user.twoFactorEnabled ? [] : [endOtherSessionsWithEntry(caller, entry, 'factor-enabled')];
}
