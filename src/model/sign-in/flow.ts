import * as v from 'valibot';
import { TOKEN_LEEWAY_SECONDS } from '../limits/index.ts';
import type { Method } from '../sessions/session.ts';
import type { Identity } from './identity.ts';

/** The values of `prompt` that there are (OpenID Connect Core 1.0 §3.1.2.1). */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof PROMPTS)[number];

/**
 * Where a sign-in in a browser leads: to a page of ours, given the session (`path` with its query; `origin` is whereto that
 * may send the browser on; `prompt` and `maxAgeSeconds` of OpenID Connect Core §3.1.2.1), or to tokens as JSON.
 */
export const Goal = v.variant('kind', [
  v.object({
    kind: v.literal('page'),
    path: v.pipe(v.string(), v.regex(/^\/(?!\/)/)),
    origin: v.optional(v.nullable(v.string()), null),
    prompt: v.optional(v.nullable(v.picklist(['login', 'select_account'])), null),
    maxAgeSeconds: v.optional(v.nullable(v.number()), null),
  }),
  v.object({ kind: v.literal('tokens') }),
]);
export type Goal = v.InferOutput<typeof Goal>;

/** What an outside provider is asked for: who has to prove it anew (`login`), pick an account, or have done so of late. */
export type Freshness = Pick<Extract<Goal, { kind: 'page' }>, 'prompt' | 'maxAgeSeconds'>;
/** A sign-in of before will do. */
export const ANY_AGE: Freshness = { prompt: null, maxAgeSeconds: null };
/** The user has to prove it anew, now. */
export const ANEW: Freshness = { prompt: 'login', maxAgeSeconds: 0 };

/** A browser on its way through the pages, and what it has shown so far. */
export type Flow = {
  readonly id: string;
  readonly goal: Goal;
  /** The reseller to sign in to; null: the user's own, whoever that is. */
  readonly resellerId: string | null;
  /** Who it is, by these methods; null: nobody has shown anything yet. */
  readonly userId: string | null;
  readonly methods: readonly Method[];
  /** What an authenticator has to answer to. */
  readonly challenge: string | null;
  /** What an outside provider has to answer to, sealed. */
  readonly sealedSecrets: string | null;
  /** Who the browser came back as from there. Among the `methods` it is `google`; else a proof of the user's links it. */
  readonly identity: Identity | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
};

/** Whether a proof of this time (milliseconds; 0: not known) is as new as the goal asks, by the clocks of two machines. */
export function isFreshEnough({ goal, createdAt }: Pick<Flow, 'goal' | 'createdAt'>, provedAt: number): boolean {
  if (goal.kind === 'tokens' || goal.maxAgeSeconds === null) return true;
  return provedAt >= createdAt - (goal.maxAgeSeconds + TOKEN_LEEWAY_SECONDS) * 1000;
}
