import { FORM, readBytes, repeatedIn } from '../http/body.ts';
import { TOKEN } from '../http/rate-limits/policies.ts';
import { limitNetwork } from '../http/rate-limits/rate-limit.ts';
import type { RequestContext } from '../http/request-context.ts';
import { exceededBudget, Refusal } from '../model/failure.ts';
import { OAuthError, tooManyRequests } from './oauth-error.ts';

/** Repeated parameters are refused (RFC 6749 §3.2). */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const bytes = await readBytes(request, [FORM], false);
  const form = new URLSearchParams(new TextDecoder().decode(bytes));
  if (repeatedIn(form) !== undefined) throw new OAuthError('invalid_request', 'A parameter was sent twice.');
  return form;
}

export function requiredParameter(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw new OAuthError('invalid_request', `${name} is missing.`);
  return value;
}

/** RFC 6749 §5.2. */
export async function withOAuthErrors(context: RequestContext, answer: () => Promise<Response>): Promise<Response> {
  try {
    await limitNetwork(context, TOKEN);
    return await answer();
  } catch (error) {
    if (error instanceof OAuthError) return error.toResponse();
    if (!(error instanceof Refusal)) throw error;
    context.observed.budget = exceededBudget(error.failure);
    if (error.failure.kind === 'rate_limited') return tooManyRequests(error.failure.retryAfterSeconds);
    return new OAuthError(
      'invalid_request',
      'Send a form (application/x-www-form-urlencoded) of at most 64 KiB.',
    ).toResponse();
  }
}
