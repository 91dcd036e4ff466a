import * as v from 'valibot';
import type { Method } from './session.ts';

/**
 * Where a sign-in in a browser leads: to a page of ours, given the session (`path` with its query; `origin` is whereto that
 * may send the browser on; `fresh`: one of before would not do), or to v3's tokens as JSON.
 */
export const Goal = v.variant('kind', [
  v.object({
    kind: v.literal('page'),
    path: v.pipe(v.string(), v.regex(/^\/(?!\/)/)),
    origin: v.optional(v.nullable(v.string()), null),
    fresh: v.optional(v.boolean(), false),
  }),
  v.object({ kind: v.literal('tokens') }),
]);
export type Goal = v.InferOutput<typeof Goal>;

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
  readonly createdAt: number;
  readonly finishedAt: number | null;
};
