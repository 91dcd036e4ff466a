import { RECOVERY_CODE_CHARS, RECOVERY_CODE_GROUP_CHARS, RECOVERY_CODES } from '../../model/limits/index.ts';
import { sha256 } from './digest.ts';

/** Crockford's base32. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = new RegExp(`.{${RECOVERY_CODE_GROUP_CHARS}}(?=.)`, 'g');

/** In groups: `xxxx-xxxx-…`. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, newCode);
}

/** Ignores case, hyphens, spaces and look-alike letters. */
export function recoveryCodeHash(code: string): Promise<string> {
  return sha256(foldCode(code));
}

function newCode(): string {
  const random = crypto.getRandomValues(new Uint8Array(RECOVERY_CODE_CHARS));
  // 32 divides 256: no bias.
  const characters = Array.from(random, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return characters.replace(GROUPS, '$&-');
}

function foldCode(code: string): string {
  const characters = code
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Pd}]/gu, '');
  return characters.replaceAll('o', '0').replace(/[il]/g, '1');
}
