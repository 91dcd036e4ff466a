import { refuse } from '../../model/failure.ts';
import { choosePassword, requestLink } from './links.ts';
import type { Visitor } from './visitor.ts';

/** Has a link mailed to whoever has this address. Nobody waits for it, so that the answer tells nothing. */
export function askForLink(visitor: Visitor, email: string): void {
  visitor.unhurried.push(requestLink(visitor, { email }));
}

/** Sets a user's password by a token, whoever handed that out, and ends every session. Refuses `link_not_valid`. */
export async function resetPassword(visitor: Visitor, userId: string, token: string, password: string): Promise<void> {
  const chosen = await choosePassword(visitor, await visitor.opaqueTokenHash(token), password, userId);
  if (chosen === null) refuse({ kind: 'link_not_valid' });
  visitor.raised.push(...chosen.eventIds);
  if (chosen.mailId !== null) visitor.mails.push(chosen.mailId);
}
