import type { Env } from '../env.ts';
import { TOKENS_CACHED_MAX } from '../model/limits/index.ts';
import type { Actor } from '../model/sessions/actor.ts';

type CachedActor = { readonly actor: Actor; readonly cachedUntilMs: number };

const cache = new WeakMap<Env, Map<string, CachedActor>>();

export function findCachedActor(env: Env, digest: string, nowMs: number): Actor | undefined {
  const cached = cache.get(env)?.get(digest);
  return cached !== undefined && nowMs < cached.cachedUntilMs ? cached.actor : undefined;
}

export function cacheActor(env: Env, digest: string, token: CachedActor): void {
  const tokens = cache.get(env) ?? new Map<string, CachedActor>();
  cache.set(env, tokens);
  tokens.delete(digest);
  const [oldest] = tokens.keys();
  if (oldest !== undefined && tokens.size >= TOKENS_CACHED_MAX) tokens.delete(oldest);
  tokens.set(digest, token);
}
