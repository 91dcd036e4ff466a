import { endOthersWith } from '../../db/sessions/user-sessions.ts';
import type { Call } from '../../db/sql/call.ts';
import type { Self } from '../../db/users/current-user.ts';

/** What goes with the first second factor: every other session, as none of them has shown it. */
export function sweepUnproven(call: Call, { user }: Self, entry: string): readonly D1PreparedStatement[] {
  return user.twoFactorEnabled ? [] : [endOthersWith(call, entry, 'factor-enabled')];
}
