import * as v from 'valibot';
import { seal, unseal } from '../../auth/secrets/seal.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { CONSENT_LIFE_MS } from '../../model/limits/index.ts';

const Question = v.object({
  /** The browser's session in which it was asked. */
  sessionId: v.string(),
  /** The authorization request. */
  query: v.string(),
  /** What the page said that the client could do. */
  scope: v.array(v.string()),
  askedAt: v.number(),
});
/** What somebody was asked who has to agree, so that the answer can be about nothing else. */
export type Question = v.InferOutput<typeof Question>;

const PURPOSE = 'consent';

export const sealQuestion = (env: RequestContext['env'], question: Question) =>
  seal(env, JSON.stringify(question), PURPOSE);

/** The question that a form carries; null where it is none of ours. `current`: it was asked in this session, and not long ago. */
export async function openQuestion(
  env: RequestContext['env'],
  sealed: string,
  { sessionId, now }: { readonly sessionId: string | null; readonly now: number },
): Promise<(Question & { readonly current: boolean }) | null> {
  try {
    const question = v.parse(Question, JSON.parse(await unseal(env, sealed, PURPOSE)));
    const current = question.sessionId === sessionId && now - question.askedAt < CONSENT_LIFE_MS;
    return { ...question, current };
  } catch {
    return null;
  }
}
