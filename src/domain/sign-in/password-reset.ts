import { refuse } from '../../model/failure.ts';
import type { AnonymousContext } from './anonymous-context.ts';
import { choosePassword, requestPasswordLink } from './password-links.ts';

export function requestPasswordReset(anonymous: AnonymousContext, email: string): void {
  anonymous.pendingEmailIds.push(requestPasswordLink(anonymous, { email }));
}

/** Ends every session. */
export async function resetPassword(
  anonymous: AnonymousContext,
  userId: string,
  token: string,
  password: string,
): Promise<void> {
  const chosen = await choosePassword(anonymous, await anonymous.opaqueTokenHash(token), password, userId);
  if (chosen === null) refuse({ kind: 'link_not_valid' });
  anonymous.eventIds.push(...chosen.eventIds);
  if (chosen.mailId !== null) anonymous.emailIds.push(chosen.mailId);
}
