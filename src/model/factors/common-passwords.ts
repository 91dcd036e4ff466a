import { fold } from '../fields.ts';

let common: ReadonlySet<string> | undefined;

/** That the list has not been taken yet. */
export class CommonPasswordsUnread extends Error {}

/** Takes the list, which is no part of the bundle: see http/judging.ts. */
export function takeCommonPasswords(list: readonly string[]): void {
  common = new Set(list);
}

/**
 * Whether a password, in whatever case, is one that guessers try first (NIST SP 800-63B-4 §3.1.1.2). Throws
 * `CommonPasswordsUnread`.
 */
export function isCommonPassword(password: string): boolean {
  if (common === undefined) throw new CommonPasswordsUnread('the common passwords have not been read');
  return common.has(fold(password));
}
