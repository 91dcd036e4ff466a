import { refuse } from '../../model/failure.ts';
import type { AnonymousContext } from './anonymous-context.ts';
import { choosePassword, requestLink } from './links.ts';

/** Has a link mailed to whoever has this address. Nobody waits for it, so that the answer tells nothing. */
export function askForLink(anonymous: AnonymousContext, email: string): void {
  anonymous.unhurried.push(requestLink(anonymous, { email }));
}

/** Sets a user's password by a token, whoever handed that out, and ends every session. Refuses `link_not_valid`. */
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
