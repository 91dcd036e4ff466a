import list from './common-passwords.json' with { type: 'json' };
import { fold } from './fields.ts';

const common: ReadonlySet<string> = new Set(list);

/** Whether a password, in whatever case, is one that guessers try first (NIST SP 800-63B-4 §3.1.1.2). */
export function isCommonPassword(password: string): boolean {
  return common.has(fold(password));
}
