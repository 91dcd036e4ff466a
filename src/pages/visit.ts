import { FORM, parseForm, readBytes } from '../http/body.ts';
import type { FollowUp, RequestContext } from '../http/request-context.ts';
import { exceededBudget, type Failure, Refusal } from '../model/failure.ts';

/** Empty if the request has no form. */
export type Form = Readonly<Record<string, string>>;

/** A response stops the request; null lets it pass. */
export type Gate = (context: RequestContext) => Response | null | Promise<Response | null>;

type FormHandler<Visit> = {
  readonly gates: readonly Gate[];
  /** A response stops the request. */
  readonly visit: (context: RequestContext, form: Form) => Promise<Visit | Response>;
  readonly perform: (visit: Visit, form: Form) => Promise<Response>;
  readonly onRefusal: (failure: Failure, visit: Visit, form: Form) => Response | Promise<Response>;
};

export async function answerForm<Visit extends { readonly followUp: FollowUp }>(
  context: RequestContext,
  { gates, visit: open, perform, onRefusal }: FormHandler<Visit>,
): Promise<Response> {
  const stopped = await runGates(context, gates);
  if (stopped !== null) return stopped;
  const form = await readForm(context.request);
  const visit = await open(context, form);
  if (visit instanceof Response) return visit;
  try {
    return await perform(visit, form);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    context.observed.budget = exceededBudget(error.failure);
    return onRefusal(error.failure, visit, form);
  } finally {
    context.runAfterCommit(visit.followUp);
  }
}

export async function runGates(context: RequestContext, gates: readonly Gate[]): Promise<Response | null> {
  for (const gate of gates) {
    const answer = await gate(context);
    if (answer !== null) return answer;
  }
  return null;
}

export async function readForm(request: Request): Promise<Form> {
  try {
    return parseForm(await readBytes(request, [FORM], false));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {};
  }
}
