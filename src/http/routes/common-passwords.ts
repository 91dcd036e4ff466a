import type { Env } from '../../env.ts';
import { CommonPasswordsNotLoaded, setCommonPasswords } from '../../model/factors/common-passwords.ts';
import { readAsset } from '../assets.ts';

/** Fails if the list cannot be loaded: no password is accepted unchecked. */
export async function withCommonPasswords<T>(env: Env, judge: () => T): Promise<T> {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof CommonPasswordsNotLoaded)) throw error;
  }
  setCommonPasswords(JSON.parse(await readAsset(env, 'documents/common-passwords.json')));
  return judge();
}
