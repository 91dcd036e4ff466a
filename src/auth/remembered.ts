import type { Env } from '../env.ts';
import { TOKENS_REMEMBERED_MAX } from '../model/limits/index.ts';
import type { Actor } from '../model/sessions/actor.ts';

type Verified = { readonly actor: Actor; readonly recallUntilMs: number };

const verified = new WeakMap<Env, Map<string, Verified>>();

export function recall(env: Env, digest: string, nowMs: number): Actor | undefined {
  const known = verified.get(env)?.get(digest);
  return known !== undefined && nowMs < known.recallUntilMs ? known.actor : undefined;
}

export function remember(env: Env, digest: string, token: Verified): void {
  const tokens = verified.get(env) ?? new Map<string, Verified>();
  verified.set(env, tokens);
  tokens.delete(digest);
  const [oldest] = tokens.keys();
  if (oldest !== undefined && tokens.size >= TOKENS_REMEMBERED_MAX) tokens.delete(oldest);
  tokens.set(digest, token);
}
