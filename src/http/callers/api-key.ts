import { cacheActor, findCachedActor } from '../../auth/actor-cache.ts';
import { sameDigest, sha256 } from '../../auth/secrets/digest.ts';
import { findClient } from '../../db/clients/clients.ts';
import { readScopes } from '../../model/clients/scope.ts';
import { refuse } from '../../model/failure.ts';
import { API_KEY_CACHE_MS } from '../../model/limits/index.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import { API_KEY } from '../rate-limits/policies.ts';
import { countNetwork } from '../rate-limits/rate-limit.ts';
import type { RequestContext } from '../request-context.ts';

/**
 * Verifies an API key `<client id>.<client secret>`. A cached key costs no query, because each statement checks the
 * client again. Refuses `token_invalid`, and `rate_limited` after too many unknown keys.
 */
export async function verifyApiKey(context: RequestContext, key: string): Promise<Actor> {
  const { env, db, now } = context;
  // The prefix keeps API keys and token digests apart.
  const digest = `key ${await sha256(key)}`;
  const known = findCachedActor(env, digest, now);
  if (known !== undefined) return known;
  countNetwork(context, API_KEY);
  const [, id = '', secret = ''] = /^([^.]+)\.([^.]+)$/.exec(key) ?? [];
  const [client, hash] = [await findClient(db, id), await sha256(secret)];
  if (client === null || !sameDigest(hash, client.secretHash)) refuse({ kind: 'token_invalid' }, 'unknown API key');
  const name = `client:${client.id}`;
  const actor: Actor = {
    kind: 'key',
    subject: client.id,
    credential: name,
    name,
    reseller: client.resellerId,
    scopes: readScopes(client.scopes, client.resellerId),
    tokenId: hash,
    signedInAt: null,
    application: null,
  };
  cacheActor(env, digest, { actor, cachedUntilMs: now + API_KEY_CACHE_MS });
  return actor;
}
