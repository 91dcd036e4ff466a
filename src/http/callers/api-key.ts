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
 * The client that an API key `<client id>.<client secret>` stands for (contracts: common, Who calls). A key that is
 * remembered costs no look-up: the request's own statement checks the client and its secret anyway. Refuses
 * `token_invalid`, and `rate_limited` where one address has too many keys looked up.
 */
export async function verifyApiKey(context: RequestContext, key: string): Promise<Actor> {
  const { env, db, now } = context;
  // A word that no digest of a token is: a key must not pass for one.
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
