import type { Env } from '../env.ts';
import { UNSUBSCRIBE_TOKEN_MAX_CHARS } from '../model/limits.ts';
import type { Subscriber } from '../model/status-update.ts';
import { seal, unseal } from './seal.ts';

const PURPOSE = 'unsubscribe';
const FORM = /^([\w-]+)\.([\w-]+)$/;

/** The token of an unsubscribe link: whose subscription it ends, sealed, so that nothing of it has to be stored. */
export async function newUnsubscribeToken(env: Env, { userId, resellerId }: Subscriber): Promise<string> {
  const [key = '', sealed = ''] = (await seal(env, `${userId} ${resellerId}`, PURPOSE)).split('.');
  return `${key}.${Buffer.from(sealed, 'base64').toString('base64url')}`;
}

/** Whose subscription a token ends; null where it is none of ours, or of a key that is gone. */
export async function readUnsubscribeToken(env: Env, token: string): Promise<Subscriber | null> {
  if (token.length > UNSUBSCRIBE_TOKEN_MAX_CHARS) return null;
  const [, key, sealed = ''] = FORM.exec(token) ?? [];
  const bytes = Buffer.from(sealed, 'base64url');
  // Several texts stand for the same bytes; ours is one of them.
  if (key === undefined || bytes.toString('base64url') !== sealed) return null;
  const opened = await unseal(env, `${key}.${bytes.toString('base64')}`, PURPOSE).catch(() => null);
  const [userId, resellerId] = opened?.split(' ') ?? [];
  return userId === undefined || resellerId === undefined ? null : { userId, resellerId };
}
