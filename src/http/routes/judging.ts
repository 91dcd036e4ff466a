import type { Env } from '../../env.ts';
import { CommonPasswordsNotLoaded, setCommonPasswords } from '../../model/factors/common-passwords.ts';
import { readAsset } from '../assets.ts';

/**
 * Runs what may judge a new password. The first in an isolate waits for the list of the most used ones; where that
 * cannot be read it is a fault of ours, and no password is taken.
 */
export async function judging<T>(env: Env, judge: () => T): Promise<T> {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof CommonPasswordsNotLoaded)) throw error;
  }
  setCommonPasswords(JSON.parse(await readAsset(env, 'documents/common-passwords.json')));
  return judge();
}
