import type { Env } from '../../env.ts';
import type { Subscriber } from '../../model/emails/status-update.ts';
import { SUBSCRIPTION_TOKEN_MAX_CHARS } from '../../model/limits/index.ts';
import { openValues, sealValues } from './sealed-values.ts';

const PURPOSE = 'subscription';

export function newSubscriptionToken(env: Env, { userId, resellerId, addressHash }: Subscriber): Promise<string> {
  return sealValues(env, PURPOSE, [userId, resellerId, addressHash]);
}

export async function readSubscriptionToken(env: Env, token: string): Promise<Subscriber | null> {
  if (token.length > SUBSCRIPTION_TOKEN_MAX_CHARS) return null;
  const [userId, resellerId, addressHash] = (await openValues(env, PURPOSE, token)) ?? [];
  if (userId === undefined || resellerId === undefined || addressHash === undefined) return null;
  return { userId, resellerId, addressHash };
}
