import { fold } from '../fields.ts';

let common: ReadonlySet<string> | undefined;

export class CommonPasswordsUnread extends Error {}

export function takeCommonPasswords(list: readonly string[]): void {
  common = new Set(list);
}

/** NIST SP 800-63B-4 §3.1.1.2. Throws `CommonPasswordsUnread`. */
export function isCommonPassword(password: string): boolean {
  if (common === undefined) throw new CommonPasswordsUnread('the common passwords have not been read');
  return common.has(fold(password));
}
