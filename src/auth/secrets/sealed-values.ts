import type { Env } from '../../env.ts';
import { seal, unseal } from './seal.ts';

const TOKEN = /^([\w-]+)\.([\w-]+)$/;

/** A stateless link token: the values must not contain blanks. */
export async function sealValues(env: Env, purpose: string, values: readonly string[]): Promise<string> {
  const [key = '', sealed = ''] = (await seal(env, values.join(' '), purpose)).split('.');
  return `${key}.${Buffer.from(sealed, 'base64').toString('base64url')}`;
}

/** Null: invalid. */
export async function openValues(env: Env, purpose: string, token: string): Promise<readonly string[] | null> {
  const [, key, sealed = ''] = TOKEN.exec(token) ?? [];
  const bytes = Buffer.from(sealed, 'base64url');
  // base64url has several spellings of the same bytes.
  if (key === undefined || bytes.toString('base64url') !== sealed) return null;
  const opened = await unseal(env, `${key}.${bytes.toString('base64')}`, purpose).catch(() => null);
  return opened?.split(' ') ?? null;
}
