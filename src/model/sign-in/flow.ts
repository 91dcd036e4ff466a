import * as v from 'valibot';
import { TOKEN_LEEWAY_SECONDS } from '../limits/index.ts';
import type { AuthenticationMethod } from '../sessions/session.ts';
import type { ExternalIdentity } from './identity.ts';

/** OpenID Connect Core 1.0 §3.1.2.1. */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof PROMPTS)[number];

/** `origin`: where the page may redirect. `prompt`, `maxAgeSeconds`: OpenID Connect Core §3.1.2.1. */
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

export type Freshness = Pick<Extract<Goal, { kind: 'page' }>, 'prompt' | 'maxAgeSeconds'>;
export const ANY_AGE: Freshness = { prompt: null, maxAgeSeconds: null };
export const REAUTHENTICATE_NOW: Freshness = { prompt: 'login', maxAgeSeconds: 0 };

export type SignInFlow = {
  readonly id: string;
  readonly goal: Goal;
  readonly resellerId: string | null;
  readonly userId: string | null;
  readonly methods: readonly AuthenticationMethod[];
  readonly challenge: string | null;
  readonly sealedSecrets: string | null;
  /** Signs the user in if `methods` has `google`; else a proof links it. */
  readonly identity: ExternalIdentity | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
};

export function isFreshEnough({ goal, createdAt }: Pick<SignInFlow, 'goal' | 'createdAt'>, provedAt: number): boolean {
  if (goal.kind === 'tokens' || goal.maxAgeSeconds === null) return true;
  return provedAt >= createdAt - (goal.maxAgeSeconds + TOKEN_LEEWAY_SECONDS) * 1000;
}
