import type { Env } from '../env.ts';
import { SUBSCRIPTION_TOKEN_MAX_CHARS } from '../model/limits.ts';
import type { Subscriber } from '../model/status-update.ts';
import { seal, unseal } from './seal.ts';

const PURPOSE = 'subscription';
const FORM = /^([\w-]+)\.([\w-]+)$/;

/** The token of the links to subscribe and to unsubscribe: it seals the subscriber, so that nothing has to be stored. */
export async function newSubscriptionToken(env: Env, { userId, resellerId, addressHash }: Subscriber): Promise<string> {
  const [key = '', sealed = ''] = (await seal(env, `${userId} ${resellerId} ${addressHash}`, PURPOSE)).split('.');
  return `${key}.${Buffer.from(sealed, 'base64').toString('base64url')}`;
}

/** The subscriber that a token is for; null where it is not ours, or its key is gone. */
export async function readSubscriptionToken(env: Env, token: string): Promise<Subscriber | null> {
  if (token.length > SUBSCRIPTION_TOKEN_MAX_CHARS) return null;
  const [, key, sealed = ''] = FORM.exec(token) ?? [];
  const bytes = Buffer.from(sealed, 'base64url');
  // Several texts stand for the same bytes; ours is one of them.
  if (key === undefined || bytes.toString('base64url') !== sealed) return null;
  const opened = await unseal(env, `${key}.${bytes.toString('base64')}`, PURPOSE).catch(() => null);
  const [userId, resellerId, addressHash] = opened?.split(' ') ?? [];
  if (userId === undefined || resellerId === undefined || addressHash === undefined) return null;
  return { userId, resellerId, addressHash };
}
