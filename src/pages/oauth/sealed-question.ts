import * as v from 'valibot';
import { seal, unseal } from '../../auth/secrets/seal.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { CONSENT_LIFE_MS } from '../../model/limits/index.ts';

const ConsentQuestion = v.object({
  /** The session that saw the question. */
  sessionId: v.string(),
  /** The authorization request. */
  query: v.string(),
  /** The scopes that the page showed. */
  scope: v.array(v.string()),
  askedAt: v.number(),
});
export type Question = v.InferOutput<typeof ConsentQuestion>;

const PURPOSE = 'consent';

export const sealQuestion = (env: RequestContext['env'], question: Question) =>
  seal(env, JSON.stringify(question), PURPOSE);

/** Null for an invalid question. `current`: recent, and of this session. */
export async function openQuestion(
  env: RequestContext['env'],
  sealed: string,
  { sessionId, now }: { readonly sessionId: string | null; readonly now: number },
): Promise<(Question & { readonly current: boolean }) | null> {
  try {
    const question = v.parse(ConsentQuestion, JSON.parse(await unseal(env, sealed, PURPOSE)));
    const current = question.sessionId === sessionId && now - question.askedAt < CONSENT_LIFE_MS;
    return { ...question, current };
  } catch {
    return null;
  }
}
