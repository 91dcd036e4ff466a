import { foldCase } from '../fields.ts';

let common: ReadonlySet<string> | undefined;

export class CommonPasswordsNotLoaded extends Error {}

export function setCommonPasswords(list: readonly string[]): void {
  common = new Set(list);
}

/** NIST SP 800-63B-4 §3.1.1.2. Throws `CommonPasswordsNotLoaded`. */
export function isCommonPassword(password: string): boolean {
  if (common === undefined) throw new CommonPasswordsNotLoaded('the common passwords have not been read');
  return common.has(foldCase(password));
}
